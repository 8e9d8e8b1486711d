import { defineRule } from '../../../rule/define-rule';
import { cacheReads, openCaches, publishes } from '../model/caches';
import { isRelease } from '../model/pipeline';

export const rule = defineRule({
  id: 'workflow/cache-poisoning',
  title: 'Published build restores a shared cache',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: {
    cwe: ['CWE-349'],
    mitre: ['T1195.002'],
    links: ['https://docs.github.com/actions/reference/workflows-and-actions/dependency-caching#restrictions-for-accessing-a-cache'],
  },
  peers: { zizmor: ['cache-poisoning'] },
  messages: {
    restored: { text: 'The published build uses a cache that anyone can fill: {event} runs untrusted code' },
    filled: { text: 'Untrusted code runs here and can write to the cache of the default branch' },
  },
  fixes: { off: { title: 'Turn off the cache for the published build', class: 'review' } },
  on: {
    job(job, report, { workspace }) {
      if (!isRelease(job.workflow) || !publishes(job)) return;
      const reads = cacheReads(job);
      if (reads.length === 0) return;
      const [own] = openCaches(job.workflow);
      const [other] = own ? [] : workspace.openCaches();
      const event = own?.event ?? other?.event;
      if (event === undefined) return;
      for (const { range, off } of reads)
        report(
          range,
          'restored',
          { event },
          report.fix('off', off),
          own ? report.related(own.range, 'filled') : report.related(other!.range, 'filled', {}, other!.path),
        );
    },
  },
});
