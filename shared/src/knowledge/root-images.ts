import { upTo } from '../base/text/ends';

/**
 * Images that work as root alone: builders that unpack other images, init systems that start several services, agents of a node,
 * services of Windows. Images with a profile are not here.
 */
const rootImages =
  /(?:^|\/)(?:kaniko-project\/(?:executor|warmer)|moby\/buildkit|gitlab\/gitlab-[ce]e|sameersbn\/[^/]+|linuxserver\/[^/]+|sysdig\/agent|datadog\/(?:agent|docker-dd-agent)|pihole\/pihole|osixia\/[^/]+|mailserver\/docker-mailserver|jwilder\/nginx-proxy|nginxproxy\/nginx-proxy|phusion\/baseimage|ceph\/ceph|weaveworks\/weave-kube|openvswitch\/ovs|nfs-(?:server|ganesha)[^/]*|docker-dind|systemd|windows\/servercore\/iis|dotnet\/framework\/(?:aspnet|wcf))$/;

/** Whether an image, by its reference as text, is known to need root. */
export function needsRootImage(image: string): boolean {
  const bare = upTo(image, '@');
  const name = bare.replace(/:[^/:]*$/, '').toLowerCase();
  return rootImages.test(name) && !/rootless/.test(bare);
}
