import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { hardenPlanMethod, type HardenPlan, type HardenPlanParams } from '../../shared/src/output/protocol/messages';
import { findCandidatesMethod, type FindCandidatesParams, type FindCandidatesResult } from '../../shared/src/output/protocol/workspace';
import { withServer } from '../bench/server';
import { root } from './host';
import { openWorkbench, until, type Workbench } from './workbench';

/**
 * Hardens projects by interview in the real editor, and counts: `npx tsx tools/vscode/drive-interview.ts FOLDER...` (clean Git repositories, which stay as they
 * are: the hardened copies go to `OUT`). Of ten questions six are answered with yes, three with no and a reason, one with later, whatever they say.
 * Needs what the workbench test needs: dist/bulkhead.vsix, the embedded VS Code, Chromium.
 */

interface Round {
  /** The questions, in order; of each its number of those that were known then, and what it asks. */
  readonly asked: readonly string[];
  /** What the editor says at the end. */
  readonly said: string;
}

/** The files of a repository that are text, as far as the interview may read them. */
function filesOf(folder: string): Record<string, string> {
  const names = execFileSync('git', ['-C', folder, 'ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
  const files: Record<string, string> = {};
  for (const name of names) {
    const file = path.join(folder, name);
    if (name === '' || !fs.lstatSync(file).isFile() || fs.statSync(file).size > 200_000) continue;
    const bytes = fs.readFileSync(file);
    if (!bytes.includes(0)) files[name] = bytes.toString('utf8');
  }
  return files;
}

/** How many groups of fixes harden applies to a folder unasked, and how many wait for an answer. */
async function countGroups(folder: string): Promise<{ readonly ready: number; readonly asking: number }> {
  return await withServer(folder, async connection => {
    const where: FindCandidatesParams = { folder: pathToFileURL(folder).href, limit: 5000 };
    const { uris }: FindCandidatesResult = await connection.sendRequest(findCandidatesMethod, where);
    const groups: boolean[] = [];
    for (const uri of uris) {
      const plan: HardenPlan | null = await connection.sendRequest(hardenPlanMethod, { uri } satisfies HardenPlanParams);
      groups.push(...(plan?.groups ?? []).map(({ chosen }) => chosen));
    }
    const ready = groups.filter(Boolean).length;
    return { ready, asking: groups.length - ready };
  });
}

const titles = ({ asked }: Round): string[] => asked.map(text => text.replace(/^Question \d+ of \d+ |Answer yes if.*/g, ''));

async function saveAndReload({ page, ...bench }: Workbench): Promise<void> {
  await page.keyboard.press('Escape');
  await until(() => bench.command('File: Save All'));
  await page.waitForTimeout(2000);
  await page.reload();
  await page.waitForSelector('.monaco-workbench .explorer-folders-view .monaco-list-row', { timeout: 60_000 });
}

async function drive(folder: string, out: string): Promise<object> {
  const bench = await openWorkbench({ vsix: path.join(root, 'dist/bulkhead.vsix'), files: filesOf(folder), shots: out });
  const { page, workspace } = bench;
  const pick = page.locator('.quick-input-widget:visible');
  const notice = page.locator('.notification-list-item-message', { hasText: /questions? answered|No open question/ });
  /** By the keyboard alone: what is typed leaves one row. */
  const answer = async (text: string): Promise<void> => {
    await pick.locator('input').first().fill(text);
    await pick.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().waitFor({ timeout: 15_000 });
    await page.keyboard.press('Enter');
  };
  const interview = async (): Promise<Round> => {
    const asked: string[] = [];
    // extensions may be there only after a while
    await until(() => bench.command('Bulkhead: Answer Questions'), 8);
    for (let last = ''; ;) {
      // both at once: else the number of one question may come with the words of another
      const shown = async (): Promise<string> => {
        const text = (await pick.locator('.quick-input-title, .quick-input-message').allTextContents()).join(' ');
        return text.startsWith('Question') ? text : last;
      };
      let now = last;
      for (let i = 0; i < 600 && now === last; i++) {
        now = await shown().catch(() => last);
        if (now === last && i % 10 === 9 && (await noticed())) return { asked, said: await said() };
        if (now === last) await page.waitForTimeout(200);
      }
      if (now === last) throw new Error(`nothing came after "${last}"`);
      const turn = asked.length % 10;
      asked.push(now);
      last = now;
      const keeps = await pick.locator('.monaco-list-row', { hasText: 'No, keep it' }).count();
      if (keeps === 0 || turn < 6) await answer('Yes, fix it');
      else if (turn < 9) {
        await answer('No, keep it');
        await until(() => pick.locator('.quick-input-message', { hasText: 'Why' }).waitFor({ timeout: 2000 }));
        await page.keyboard.type('It works so');
        await page.keyboard.press('Enter');
      } else await answer('Later');
    }
  };
  const said = async (): Promise<string> => (await notice.first().textContent({ timeout: 5000 })) ?? '';
  /** Whether the end was announced: in this window notifications are in their centre. */
  const noticed = async (): Promise<boolean> => {
    if ((await notice.count()) > 0) return true;
    if (await pick.isVisible()) return false;
    await page
      .locator('#status\\.notifications')
      .click({ timeout: 2000 })
      .catch(() => undefined);
    await page.waitForTimeout(300);
    return (await notice.count()) > 0;
  };
  try {
    const before = await countGroups(workspace);
    const first = await interview();
    await saveAndReload(bench);
    const second = await interview();
    const after = await countGroups(workspace);
    const known = new Set(titles(first));
    fs.cpSync(workspace, path.join(out, path.basename(folder)), { recursive: true });
    return {
      project: path.basename(folder),
      before,
      asked: first.asked.length,
      said: first.said,
      afterReload: second.asked.length,
      askedAgain: titles(second).filter(title => known.has(title)),
      twice: titles(first).filter((title, i, all) => all.indexOf(title) < i),
      after,
    };
  } catch (error) {
    await bench.shoot(`failed-${path.basename(folder)}`);
    throw error;
  } finally {
    await bench.close();
  }
}

async function main(folders: readonly string[]): Promise<void> {
  const out = process.env['OUT'] ?? fs.mkdtempSync(path.join(os.tmpdir(), 'interview-'));
  console.log(out);
  for (const folder of folders) {
    try {
      console.log(JSON.stringify(await drive(folder, out)));
    } catch (error) {
      console.log(JSON.stringify({ project: path.basename(folder), failed: String(error).slice(0, 300) }));
    }
  }
}

void main(process.argv.slice(2));
