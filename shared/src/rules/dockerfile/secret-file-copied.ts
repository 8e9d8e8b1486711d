import { defineRule, left } from '../../rule/define-rule';
import type { Instruction, Word } from '../../model/dockerfile/types';

/** Files that hold credentials by custom, the last part of a path; globs as they are written. */
const credentials =
  /^(?:\.env(?:\.[\w-]+)?|\.env\*|\.netrc|_netrc|\.npmrc|\.yarnrc\.yml|\.pypirc|\.git-credentials|\.dockercfg|\.pgpass|\.my\.cnf|\.htpasswd|\.s3cfg|\.boto|\.vault-token|kubeconfig|credentials(?:\.(?:json|ya?ml|csv|properties))?|client_secrets?\.json|service-?account(?:[-_.]?key)?\.json|id_(?:rsa|dsa|ecdsa|ed25519)\*?|[\w*.-]+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|tfstate|tfvars|ovpn)|(?:terraform\.)?tfstate)$/i;
const folders = /(?:^|\/)(?:\.aws|\.azure|\.config\/gcloud|\.ssh|\.gnupg|\.kube|\.docker\/config\.json)(?:\/|$)/i;
/** Templates without values, and keys and certificates that everybody may see. */
const harmless =
  /(?:^\.env\.(?:example|sample|template|dist|defaults?|schema|test|testing|ci)$)|(?:^|[-_.\d])(?:ca|cacerts?|certs?|crt|chain|fullchain|bundle|pub|public|release|archive|gpg|signing|cosign|root|roots|test|dummy|example)(?=[-_.\d]|$)|truststore/i;

function isSecret(name: string): boolean {
  const path = name.replace(/\/+$/, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  return folders.test(path) || (credentials.test(last) && !harmless.test(last));
}

export const rule = defineRule({
  id: 'dockerfile/secret-file-copied',
  title: 'Credential file copied into the image',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  supersedes: ['dockerfile/secret-in-run'],
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-538', 'CWE-522'] },
  peers: { trivy: ['DS-0031'], dockle: ['CIS-DI-0010', 'DKL-LI-0003'] },
  messages: {
    image: { text: '"{file}" usually holds credentials, and everybody who pulls the image can read it' },
    build: { text: '"{file}" usually holds credentials, and stays in the layers and cache of the build', severity: 'warning' },
    history: { text: 'The history in ".git" goes into the image, with whatever was ever committed', severity: 'warning' },
  },
  fixes: { remove: { title: 'Do not copy {file}', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      const { keyword, words, stage, heredocs } = instruction;
      if ((keyword !== 'COPY' && keyword !== 'ADD') || instruction.flag('from') || !stage) return;
      const shipped =
        stage.file.finalStage !== null &&
        inherits(
          stage.file.finalStage.index,
          stage.index,
          stage.file.stages.map(s => s.base?.index ?? -1),
        );
      const sources = words.slice(0, -1).filter(w => !heredocs.some(h => h.range.start === w.range.start));
      for (const word of sources) {
        const name = instruction.file.expand(word, instruction) ?? word.text;
        const file = name.replace(/^\.\//, '');
        const history = /^(?:.*\/)?\.git\/?$/.test(name);
        if (/^\w+:\/\//.test(name) || !(isSecret(name) || (history && shipped))) continue;
        report(word.range, history ? 'history' : shipped ? 'image' : 'build', { file }, fixFor(instruction, word, sources.length === 1));
        function fixFor(i: Instruction, w: Word, alone: boolean) {
          if (i.json || i.parent) return left('attended');
          return report.fix(
            'remove',
            () => [
              alone ? { type: 'dockerfile.remove-instruction', instruction: i.index } : { type: 'dockerfile.remove-words', range: w.range },
            ],
            { data: { file } },
          );
        }
      }
    },
  },
});

/** Whether the stage `from` is `to` or is built on it. */
function inherits(from: number, to: number, bases: readonly number[]): boolean {
  for (let at = from; at >= 0; at = bases[at]!) if (at === to) return true;
  return false;
}
