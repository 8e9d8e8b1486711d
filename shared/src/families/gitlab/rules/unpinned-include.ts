import { defineRule, noFix, weighs } from '../../../rule/define-rule';
import { textRange } from '../../../syntax/yaml/text-range';
import { scalarOf, stringOf } from '../../../syntax/yaml/values';
import { setValue } from '../../../syntax/yaml/operations';
import { isOwner } from '../../../workspace/repository';
import type { GitlabInclude } from '../model/types';

/** Names of branches on which work goes on. */
const branch = /^(?:HEAD|main|master|trunk|dev|develop|development|devel|staging|stage|prod|production|latest|stable|next|nightly|edge)$/i;
const commit = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i;
const version = /^v?\d{1,9}(?:\.\d{1,9}){0,3}(?:[-+][\w.+-]{1,100})?$/;
/** An address of a file that holds a commit. */
const settled = /\/[0-9a-f]{40}\//i;
/** One that holds the beginning of a commit: a tag of that name would come first. */
const short = /\/raw\/(?=[a-f]{0,39}\d)[0-9a-f]{7,39}\//;

/** Whether the project that is taken in is the pipeline's own, or its owner's. */
function isOwn({ text, kind }: GitlabInclude, owns: (name: string) => boolean): boolean {
  const name = kind === 'component' ? text.slice(text.indexOf('/') + 1) : text;
  return /^\$\{?CI_PROJECT_/.test(name) || owns(name.split('/')[0]!);
}

export const rule = defineRule({
  id: 'gitlab/unpinned-include',
  title: 'Included pipeline that is not pinned',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cwe: ['CWE-829'], nist800190: ['3.1.1', '4.1.1'], links: ['https://docs.gitlab.com/ci/yaml/includes/'] },
  peers: { glsec: ['GL003', 'GL041'] },
  messages: {
    'plain-http': {
      text: 'Anyone on the network path can change what this pipeline runs: the URL does not use TLS',
      severity: 'error',
      profile: 'baseline',
    },
    remote: { text: 'This pipeline runs whatever the URL serves at the time: add the integrity keyword' },
    unset: { text: 'Every push to {project} takes effect here immediately: add the ref keyword' },
    branch: { text: 'Every push to {ref} of {project} takes effect here immediately' },
    own: { text: 'Every change to {project} takes effect here immediately', severity: 'info' },
    tag: { text: 'Ref {ref} of {project} can move; a commit cannot', severity: 'hint', profile: 'strict' },
    unversioned: { text: 'GitLab rejects component {component} without a version', severity: 'error', profile: 'baseline' },
    newest: { text: 'The newest release of {project} always runs here' },
    partial: { text: 'Any later release of {project} that matches {ref} runs here', severity: 'hint', profile: 'strict' },
    template: { text: 'GitLab changes its "latest" templates without notice', severity: 'hint', profile: 'strict' },
  },
  fixes: {
    tls: { title: 'Use https', class: 'attended' },
    ref: { title: 'Set ref to a tag or a commit', class: 'attended' },
    version: { title: 'Set a version for the component', class: 'attended' },
    integrity: { title: 'Add the checksum of the included file', class: 'attended' },
  },
  assumptions: { served: 'The server offers the file over TLS, too', chosen: 'This pipeline works with the chosen version' },
  on: {
    include(include, report, context) {
      const { kind, node, text, map, path, file } = include;
      const { range, exact } = textRange(file.document, node);
      const owns = (name: string): boolean => isOwner(context.repository(), name);
      const isOurs = isOwn(include, owns);
      const part = (start: number): typeof range => (exact ? { start: range.start + start, end: range.end } : range);
      if (kind === 'remote') {
        if (/^http:\/\/(?:localhost|127\.|\[::1\])/i.test(text)) return;
        if (/^http:/i.test(text)) {
          const fix = report.fix('tls', () => [setValue(path, text.replace(/^http:/i, 'https:'))], { assumes: [{ id: 'served' }] });
          report(range, 'plain-http', {}, fix);
        } else if (!map?.entry('integrity') && !settled.test(text) && !text.includes('$')) {
          const at = map ? path.slice(0, -1) : null;
          const fix =
            at &&
            report.fix('integrity', () => [setValue([...at, 'integrity'], 'sha256-')], {
              places: [{ text: 'sha256-', sample: `sha256-${'A'.repeat(43)}=` }],
              assumes: [{ id: 'chosen' }],
            });
          report(range, 'remote', {}, fix ?? noFix('manual'), short.test(text) && weighs('hint'));
        }
      }
      if (kind === 'project') {
        const ref = scalarOf(map?.get('ref'));
        const named = stringOf(ref) ?? '';
        if (!map?.entry('ref')) {
          const fix = report.fix('ref', () => [setValue([...path.slice(0, -1), 'ref'], 'v1.0.0')], {
            places: [{ text: 'v1.0.0', sample: 'v2.3.4' }],
            assumes: [{ id: 'chosen' }],
          });
          report(range, isOurs ? 'own' : 'unset', { project: text }, map?.merged ? noFix('shared') : fix);
        } else if (ref && named !== '' && !named.includes('$') && !commit.test(named)) {
          const moves = branch.test(named);
          report(ref.range, !moves ? 'tag' : isOurs ? 'own' : 'branch', { project: text, ref: named }, noFix('manual'));
        }
      }
      if (kind === 'component') {
        const at = text.lastIndexOf('@');
        const ref = text.slice(at + 1);
        const project = text.slice(0, at).split('/').slice(1, -1).join('/');
        if (at < 0) {
          // what a variable at the end holds may have one
          if (/\$[^/]{0,300}$/.test(text)) return;
          const fix = report.fix('version', () => [setValue(path, `${text}@1.0.0`)], {
            places: [{ text: '1.0.0', sample: '2.3.4' }],
            assumes: [{ id: 'chosen' }],
          });
          report(range, 'unversioned', { component: text.slice(text.lastIndexOf('/') + 1) }, fix);
          return;
        }
        if (ref.includes('$') || ref.includes(']]')) return;
        if (ref === '~latest') report(part(at + 1), isOurs ? 'own' : 'newest', { project }, noFix('manual'));
        else if (branch.test(ref)) report(part(at + 1), isOurs ? 'own' : 'branch', { project, ref }, noFix('manual'));
        else if (!version.test(ref) && !commit.test(ref)) report(part(at + 1), 'tag', { project, ref }, noFix('manual'));
        else if (/^v?\d{1,9}(?:\.\d{1,9})?$/.test(ref)) report(part(at + 1), 'partial', { project, ref }, noFix('manual'));
      }
      if (kind === 'template' && /\.latest\.gitlab-ci\.ya?ml$/.test(text)) report(range, 'template', {}, noFix('manual'));
    },
  },
});
