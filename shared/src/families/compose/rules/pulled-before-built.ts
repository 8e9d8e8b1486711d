import { parseImageReference, type ImageReference } from '../../../syntax/image/reference';
import { isOwner, type Repository } from '../../../workspace/repository';
import { registryTrust } from '../../../knowledge/registries';
import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { isNull, textOf } from '../model/value';

/**
 * Who may have published an image under a name: `own`, if it has no owner, which makes it Docker's own, or that of this repository. `null`: there is no such
 * name, as below another on Docker Hub, or in a registry whose name ends in a number, as the `sail-8.4` of `sail-8.4/app`.
 */
function publisherOf({ registry, repository: name }: ImageReference, own: Repository | null): 'stranger' | 'own' | null {
  const [owner, ...below] = name.split('/');
  if (registry === null) return below.length > 1 ? null : below.length === 0 || isOwner(own, owner!) ? 'own' : 'stranger';
  const isAddress = /^\d{1,3}(?:\.\d{1,3}){3}(?::|$)|[:\]]/.test(registry);
  if (!isAddress && /\.\d{1,20}$/.test(registry)) return null;
  return isOwner(own, owner!) && /^(?:ghcr\.io|quay\.io|docker\.io|registry\.gitlab\.com)$/.test(registry) ? 'own' : 'stranger';
}

export const rule = defineRule({
  id: 'compose/pulled-before-built',
  title: 'Image may be pulled instead of built',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: {
    nist800190: ['3.1.5', '4.1.5'],
    cwe: ['CWE-829'],
    links: ['https://docs.docker.com/reference/compose-file/build/#using-build-and-image'],
  },
  peers: { dclint: ['no-build-and-image'] },
  messages: {
    pulled: { text: 'If {image} is not available locally, "docker compose up" pulls it instead of building it' },
    own: {
      text: 'If {image} is not available locally, "docker compose up" tries to pull it before building it',
      severity: 'hint',
      profile: 'strict',
    },
    built: { text: 'Built here' },
  },
  fixes: { build: { title: 'Never pull the image (pull_policy: build)', class: 'attended' } },
  assumptions: { 'not-published': 'No image with this name needs to come from a registry' },
  needsWhole: true,
  on: {
    container(service, report, { trustedRegistries, repository }) {
      const image = service.at('image');
      const text = textOf(image);
      const policy = textOf(service.at('pull_policy'));
      const build = service.at('build');
      if (!image || !text || !build || isNull(build) || service.isInherited(image) || policy === 'build' || policy === 'never') return;
      const reference = parseImageReference(text);
      if (reference.invalid === null && trustedRegistries.length > 0 && registryTrust(reference, trustedRegistries) === 'trusted') return;
      const publisher = reference.invalid === null ? publisherOf(reference, repository()) : 'stranger';
      if (publisher === null) return;
      const key = service.node?.entry('build')?.key;
      const built = key && report.related(key.range, 'built');
      const fix = report.fix('build', () => [setValue([...service.path, 'pull_policy'], 'build', 'image')], {
        assumes: [{ id: 'not-published' }],
      });
      report(service.settingOf(image).range, publisher === 'own' ? 'own' : 'pulled', { image: text }, built, fix);
    },
  },
});
