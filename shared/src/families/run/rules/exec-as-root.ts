import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'run/exec-as-root',
  title: 'Command run as root in a container',
  severity: 'hint',
  category: 'privilege',
  profile: 'strict',
  references: { cisDocker: ['5.23', '5.24'], cwe: ['CWE-250'] },
  messages: {
    root: { text: "The command runs as root, regardless of the container's user" },
    privileged: { text: "The command gets every capability, regardless of the container's own capabilities", severity: 'warning' },
  },
  on: {
    client({ client }, report) {
      if (client.verb !== 'exec') return;
      const { args } = client.shell;
      const first = args.findIndex(word => word.range.start === client.verbRange.start) + 1;
      for (let at = first; at < args.length; at++) {
        const text = args[at]!.text ?? '';
        if (!text.startsWith('-')) break;
        if (/^--privileged(?:=true)?$/.test(text)) report(args[at]!.range, 'privileged', {}, noFix('attended'));
        const attached = /^(?:--user=|-u=?)(.+)$/.exec(text)?.[1];
        const takesNext = /^(?:--user|-\w*u|--env|-e|--workdir|-w|--env-file|--detach-keys)$/.test(text);
        const value = attached ?? (/^(?:--user|-\w*u)$/.test(text) ? args[at + 1]?.text : null);
        if (value != null && /^(?:root|0)(?::|$)/.test(value))
          report(args[attached === undefined ? at + 1 : at]!.range, 'root', {}, noFix('attended'));
        if (takesNext) at++;
      }
    },
  },
});
