import { memoizeFor } from '../../../base/text/memoize';
import type { YamlDocument } from '../../../syntax/yaml/types';
import type { ComposeView, ServiceView } from './types';
import { itemsOfValue, memberAt, stringValue, textOf } from './value';

/** Where Laravel Sail, "Laravel's default Docker development environment" (laravel.com/docs/sail), has its Dockerfiles, and what it calls its images. */
const sailFolder = /(?:^|\/)vendor\/laravel\/sail\//;
const sailImage = /^sail-\d+(?:\.\d+)?\/app(?:[:@]|$)/;

function isSail(service: ServiceView): boolean {
  const build = service.at('build');
  const context = build?.kind === 'map' ? memberAt(build, 'context') : build;
  return sailFolder.test((context && stringValue(context)) ?? '') || sailImage.test(service.image?.text ?? '');
}

const hasSail = memoizeFor((_: YamlDocument, { services }: ComposeView): boolean => services.some(isSail));

/** Profiles that a developer or a test asks for. */
const profile = /^(?:dev|devel|development|local|debug|tests?|testing|e2e|ci)$/i;

/** Whether a file says itself that it is what a developer starts, or a service that it starts for developers and tests alone. */
export function isForDevelopment(compose: ComposeView, service: ServiceView | null): boolean {
  const profiles = itemsOfValue(service?.at('profiles'));
  return (profiles.length > 0 && profiles.every(item => profile.test(textOf(item) ?? ''))) || hasSail(compose.document, compose);
}
