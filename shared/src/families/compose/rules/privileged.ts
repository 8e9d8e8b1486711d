import { privileged } from '../../../rule/checks/container/privileged';
import { isRoot } from '../../../evidence/user';
import { defineRule } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { booleanOfText } from '../model/casts';
import { placeOf } from '../model/places';
import { rangeIn, type ServiceView } from '../model/types';
import { itemsOfValue, member, textOf, type Value } from '../model/value';

/** What runs in a service, or before it, beside its own program. */
function hooksOf(service: ServiceView): readonly { readonly hook: Value; readonly isInit: boolean }[] {
  const execs = itemsOfValue(service.at('develop', 'watch')).flatMap(watch => member(watch, 'exec') ?? []);
  return [
    ...['post_start', 'pre_stop'].flatMap(key => itemsOfValue(service.at(key)).map(hook => ({ hook, isInit: false }))),
    ...execs.map(hook => ({ hook, isInit: false })),
    ...itemsOfValue(service.at('pre_start')).map(hook => ({ hook, isInit: true })),
  ];
}

const isTrue = (value: Value | undefined): boolean =>
  value?.kind === 'scalar' && (value.value === true || (typeof value.value === 'string' && booleanOfText(value.value) === true));

const { on, messages, fixes, assumptions, ...shared } = privileged;

export const rule = defineRule({
  ...shared,
  id: 'compose/privileged',
  title: 'Privileged service or build',
  references: { ...shared.references, cisDocker: ['5.5', '5.23', '5.24'] },
  peers: { kics: ['privileged_containers_enabled'], semgrep: ['privileged-service'] },
  messages: {
    ...messages,
    init: { text: 'The hook that runs before "{container}" has every capability and access to every device on the host' },
    hook: { text: 'This command has every capability in "{container}"', severity: 'warning' },
    'hook-root': { text: 'This command runs as root, although "{container}" does not', severity: 'info' },
    build: { text: 'The build of "{container}" can do anything that root on the host can' },
    'build-network': { text: 'The build of "{container}" uses the host network', severity: 'warning' },
  },
  fixes: { ...fixes, hook: { title: 'Remove the setting that grants extra rights', class: 'attended' } },
  assumptions: { ...assumptions, 'needs-neither': 'The hook works without root and without capabilities' },
  on: {
    container(service, report) {
      on.container(service, report);
      const found = (value: Value | undefined, messageId: 'init' | 'hook' | 'hook-root' | 'build' | 'build-network'): void => {
        const range = value && rangeIn(service.compose.document, value);
        if (!value || !range || service.isInherited(value)) return;
        const path = value.node && placeOf(service.compose.document, value.node);
        report(range, messageId, {}, path && report.fix('hook', () => [removeNode(path, true)], { assumes: [{ id: 'needs-neither' }] }));
      };
      const user = service.get('user')?.value;
      for (const { hook, isInit } of hooksOf(service)) {
        if (isTrue(member(hook, 'privileged'))) found(member(hook, 'privileged'), isInit ? 'init' : 'hook');
        const own = textOf(member(hook, 'user'));
        if (own !== null && isRoot(own) && user && !isRoot(user)) found(member(hook, 'user'), 'hook-root');
      }
      if (isTrue(service.at('build', 'privileged'))) found(service.at('build', 'privileged'), 'build');
      if (textOf(service.at('build', 'network')) === 'host') found(service.at('build', 'network'), 'build-network');
      for (const entitlement of itemsOfValue(service.at('build', 'entitlements'))) {
        const text = textOf(entitlement);
        if (text === 'security.insecure') found(entitlement, 'build');
        if (text === 'network.host') found(entitlement, 'build-network');
      }
    },
  },
});
