import type { ImageReference } from '../syntax/image/reference';
import { findImageProfile } from './image-profiles';

/** Official images of Docker Hub without a profile here (the files below `library` of github.com/docker-library/official-images, those that were given up too; 2026-08). */
const others = new Set(
  (
    'aerospike alt api-firewall arangodb archlinux backdrop bash bonita chronograf cirros clearlinux clefos clojure composer convertigo couchbase crate crux dart ' +
    'eggdrop elixir emqx erlang fluentd friendica gazebo gcc geonetwork groovy haskell haxe hello-world hitch hylang ibm-semeru-runtimes ibmjava irssi joomla jruby ' +
    'julia kapacitor krakend lightstreamer liquibase mageia matomo mediawiki monica mono nats-streaming neurodebian notary odoo open-liberty orientdb percona perl ' +
    'photon plone postfixadmin pypy r-base rakudo-star redmine rethinkdb rocket.chat ros sapmachine satosa silverpeas sl spiped storm swift swipl teamspeak tomee ' +
    'unit varnish websphere-liberty xwiki yourls znc'
  ).split(' '),
);

/** Whether a registry may have what a reference names: a name without a slash is an official image of Docker Hub, or one that only a machine has. */
export function mayBePublished(reference: ImageReference): boolean {
  const { registry, repository } = reference;
  return registry !== null || repository.includes('/') || others.has(repository) || findImageProfile(reference) !== null;
}
