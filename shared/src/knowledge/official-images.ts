import type { ImageReference } from '../syntax/image/reference';
import { findImageProfile } from './image-profiles';

/** Official images of Docker Hub without a profile here (each file that has been below `library` of github.com/docker-library/official-images, those that were given up too; read at 37079fb336f5 of 2026-08-21). */
const others = new Set(
  (
    'adoptopenjdk aerospike alt api-firewall arangodb archlinux azul-zulu backdrop bash bonita celery centos chronograf cirros clearlinux clefos clojure ' +
    'composer convertigo couchbase couchdb-nouveau crate crux dart django docker-dev eggdrop elixir emqx erlang espocrm euleros express-gateway fluentd ' +
    'friendica fsharp gazebo gcc geonetwork glassfish groovy haskell haxe hello-seattle hello-world hipache hitch hola-mundo hylang ibm-semeru-runtimes ' +
    'ibmjava iojs irssi java jenkins jobber joomla jruby julia kaazing-gateway kapacitor known krakend lightstreamer lightstreamer-server liquibase mageia ' +
    'matomo mediawiki monica mono mosquitto nats-streaming neurodebian nim notary notary-server notary-signer nuxeo odoo open-liberty opensuse orientdb ' +
    'owncloud percona perl photon php-zendserver piwik plone postfixadmin pypy r-base rails rakudo-star rapidoid redmine rethinkdb rocket.chat ros ' +
    'sapmachine satosa sentry silverpeas sl sourcemage spiped storm swarm swift swipl teamspeak thrift tomee ubuntu-debootstrap ubuntu-upstart unit varnish ' +
    'websphere-liberty xwiki yourls zend-php znc'
  ).split(' '),
);

/** Whether a registry may have what a reference names: a name without a slash is an official image of Docker Hub, or one that only a machine has. */
export function mayBePublished(reference: ImageReference): boolean {
  const { registry, repository } = reference;
  return registry !== null || repository.includes('/') || others.has(repository) || findImageProfile(reference) !== null;
}
