import { registryOf } from '../../../syntax/image/reference';
import { registryTrust } from '../../../knowledge/registries';
import type { Report, RuleContext } from '../../define-rule';
import { isResolvable, type NamedImage } from './named-image';

/** `untrusted-registry` but for what is a family's own. */
export const untrustedRegistry = {
  title: 'Image from a registry outside the trusted list',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  messages: {
    outside: { text: 'Image "{image}" is from {registry}, outside the trusted registries' },
    denied: { text: 'Image "{image}" is excluded by the list of trusted registries' },
  },
  on: {
    image(image: NamedImage, report: Report<'outside' | 'denied', never>, { trustedRegistries }: RuleContext): void {
      if (trustedRegistries.length === 0 || !isResolvable(image) || image.maybeOther) return;
      const { reference, text } = image;
      if (!image.settled(reference.ranges.name)) return;
      const trust = registryTrust(reference, trustedRegistries);
      if (trust !== 'trusted') report(image.at(reference.ranges.name), trust, { image: text, registry: registryOf(reference) });
    },
  },
} as const;
