import type { DocumentInfo } from '../../../shared/src/output/protocol/messages';

/** What is known of a document, as a page of Markdown that answers "why is this (not) reported?". */
export function infoPage(name: string, { status, ...info }: Omit<DocumentInfo, 'page'>): string {
  const none = 'none';
  const rows: (readonly [string, string])[] = [
    ['Language', info.languageId ?? none],
    ['Workspace folder', info.workspaceFolder ?? none],
    ['Index', info.indexFolder === null ? none : `${info.indexFolder} (${info.indexedFiles})`],
    ['Kubernetes version', info.kubernetesVersion ?? none],
    ['Rules', String(info.rules)],
    ['Server version', info.serverVersion],
  ];
  const counts = Object.entries(status?.counts ?? {}).map(([severity, count]) => `${count} ${severity}`);
  const ofStatus: typeof rows = status
    ? [
        ['State', status.reason === null ? status.state : `${status.state}: ${status.reason}`],
        ['Family', status.family],
        ['Profile', status.profile],
        ['Configuration file', status.config ?? none],
        ['Configuration problems', String(status.configProblems)],
        ['Findings', counts.join(', ')],
        ['Suppressed', String(status.suppressed)],
        ['Time', `${status.durationMs.toFixed(1)} ms`],
      ]
    : [];
  return [`# Bulkhead: ${oneLine(name)}`, '', ...[...ofStatus, ...rows].map(([label, value]) => `- ${label}: ${oneLine(value)}`), ''].join(
    '\n',
  );
}

/** A name may hold line breaks: no line of the page comes from it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
