import { replaceText } from '../../../rule/fix/operations';
import { keywords } from '../model/instruction';
import type { Instruction } from '../model/types';
import { defineRule, type Report } from '../../../rule/define-rule';
import { closest } from '../../../base/text/closest';

/** What fetches from a network in somebody else's build. */
const fetchers: ReadonlySet<string | null> = new Set(['curl', 'wget', 'git', 'svn', 'aria2c', 'scp', 'rsync']);
const remote = /^(?:https?|git|ssh):\/\/|^git@/;

/** Reports the first thing that a trigger fetches. */
function reportFetch(inner: Instruction, report: Report<'hidden', never>): void {
  if (inner.keyword === 'RUN') {
    const fetch = inner.commands.find(
      ({ command }) => fetchers.has(command.name) && (command.name !== 'git' || command.args[0]?.text === 'clone'),
    );
    if (fetch) report(fetch.command.nameWord!.range, 'hidden', { what: fetch.command.name! });
  } else if (inner.keyword === 'ADD') {
    const source = inner.words.slice(0, -1).find(word => remote.test(word.text));
    if (source) report(source.range, 'hidden', { what: 'ADD' });
  }
}

export const rule = defineRule({
  id: 'dockerfile/invalid-onbuild',
  title: 'Forbidden or hidden instruction in ONBUILD',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    hadolint: ['DL3043'],
    'kics-datadog': ['KICS-DataDog'],
    'dockerfile-utils': ['ONBUILD_CHAINING_NOT_ALLOWED', 'ONBUILD_TRIGGER_DISALLOWED'],
    tally: ['tally/invalid-onbuild-trigger'],
  },
  messages: {
    trigger: { text: 'ONBUILD cannot trigger {keyword}' },
    unknown: { text: 'Unknown instruction {keyword}: builds on top of this image fail' },
    hidden: {
      text: '{what} downloads files in builds that use this image as their base, where this instruction is not visible',
      severity: 'info',
      profile: 'strict',
    },
  },
  fixes: { rename: { title: 'Use {suggestion}', class: 'review' } },
  on: {
    instruction(inner, report) {
      const { keyword, keywordRange, onbuildParent: parent } = inner;
      if (!parent) return;
      if (keyword === 'ONBUILD' || keyword === 'FROM' || keyword === 'MAINTAINER') return report(keywordRange, 'trigger', { keyword });
      reportFetch(inner, report);
      if ((keywords as readonly string[]).includes(keyword)) return;
      const suggestion = closest(keyword, keywords);
      const operation = replaceText(keywordRange, suggestion);
      report(keywordRange, 'unknown', { keyword }, suggestion !== '' && report.fix('rename', () => [operation], { data: { suggestion } }));
    },
  },
});
