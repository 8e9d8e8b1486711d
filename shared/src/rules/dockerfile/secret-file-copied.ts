import type { Operation } from '../../fix/types';
import { firstWith, isShipped } from '../../model/dockerfile/chain';
import type { Stage } from '../../model/dockerfile/types';
import { defineRule, left } from '../../rule/define-rule';

/** Files that hold credentials by custom, the last part of a path; globs as they are written. */
const credentials =
  /^(?:\.env(?:\.[\w-]+)?|\.env\*|\.netrc|_netrc|\.npmrc|\.pypirc|\.git-credentials|\.dockercfg|\.pgpass|\.my\.cnf|\.htpasswd|\.s3cfg|\.boto|\.vault-token|kubeconfig|credentials(?:\.(?:json|ya?ml|csv|properties))?|client_secrets?\.json|service-?account(?:[-_.]?key)?\.json|id_(?:rsa|dsa|ecdsa|ed25519)\*?|[\w*.-]+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|tfstate|tfvars|ovpn)|(?:terraform\.)?tfstate)$/i;
const folders = /(?:^|\/)(?:\.aws|\.azure|\.config\/gcloud|\.ssh|\.gnupg|\.kube|\.docker\/config\.json)(?:\/|$)/i;
/** Templates without values, and keys and certificates that everybody may see. */
const harmless =
  /(?:^\.env\.(?:example|sample|template|dist|defaults?|schema|test|testing|ci)$)|(?:^|[-_.\d])(?:ca|cacerts?|certs?|crt|chain|fullchain|bundle|pub|public|release|archive|gpg|signing|cosign|root|roots|test|dummy|example|dh|dhparams?|ffdhe\d*)(?=[-_.\d]|$)|truststore/i;

/** Variables that say where programs look for credentials. */
const places = new Set([
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'KUBECONFIG',
  'DOCKER_CONFIG',
  'NETRC',
]);

function isSecret(name: string): boolean {
  const path = name.replace(/\/+$/, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  return folders.test(path) || (credentials.test(last) && !harmless.test(last));
}

const imports = /\brpm(?:keys)?\s+--import\b|\bapt-key\s+add\b|\bgpg\b[^\n]*--(?:import|dearmor)\b/;

/** Whether a key is one of a package repository: it is public, and the stage hands it to a package manager. */
function isImportedKey(name: string, stage: Stage): boolean {
  return /\.(?:key|pem|asc)$/.test(name) && firstWith(stage, imports) !== null;
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
      const { keyword, words, stage, heredocs, json, parent } = instruction;
      if ((keyword !== 'COPY' && keyword !== 'ADD') || instruction.flag('from') || !stage) return;
      const shipped = isShipped(stage);
      const sources = words.slice(0, -1).filter(w => !heredocs.some(h => h.range.start === w.range.start));
      const meant = words.at(-1)?.variables.some(v => places.has(v.name)) ?? false;
      for (const word of sources) {
        const name = instruction.file.expand(word, instruction) ?? word.text;
        const file = name.replace(/^\.\//, '');
        const history = shipped && /^(?:.*\/)?\.git\/?$/.test(name);
        if (/^\w+:\/\//.test(name) || !(history || meant || (isSecret(name) && !isImportedKey(name, stage)))) continue;
        const remove: Operation =
          sources.length === 1
            ? { type: 'dockerfile.remove-instruction', instruction: instruction.index }
            : { type: 'dockerfile.remove-words', range: word.range };
        const fix = json || parent ? left('attended') : report.fix('remove', () => [remove], { data: { file } });
        report(word.range, history ? 'history' : shipped ? 'image' : 'build', { file }, fix);
      }
    },
  },
});
