import type { Reason } from '../../../base/terms/evidence';
import { replaceText } from '../../../rule/fix/operations';
import { dropAtEnd, startFact } from '../fix/drop-root';
import { isTried, otherUsers, planUser, unprivilegedVariant, userAssumptions } from '../fix/run-as';
import { anyUser, userOperations, type ChosenUser } from '../fix/user';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { fileUid, startedScript, verifiedFile, type ImageFacts } from '../../../knowledge/image-facts';
import { needsRootImage } from '../../../knowledge/root-images';
import { allServices, isRunStage } from '../model/services';
import { baseFacts, knownProfile } from '../model/stage-image';
import { dropsPrivileges, rootMaster, startsSomething } from '../model/stage-start';
import { startOf } from '../model/start';
import type { Stage } from '../model/types';
import { statePath } from '../model/state-paths';
import { createdUsers, isRootUser, userParts } from '../model/users';
import { defineRule, noFix, type Attachment, type Report, type RuleContext } from '../../../rule/define-rule';
import { upTo } from '../../../base/text/ends';

type UserReport = Report<
  'explicit' | 'missing' | 'told' | 'script' | 'administrator' | 'unknown' | 'tool' | 'stateful' | 'here' | 'drops' | 'master',
  'user' | 'by-name' | 'by-number' | 'twin' | 'anyway' | 'for-runner' | 'drop'
>;

/** The fix for a person who knows that nothing here needs root, though it seems so, or nothing is known. */
function anyway(
  stage: Stage,
  profile: ImageProfile | null,
  { defaults }: RuleContext,
  report: UserReport,
  seen: Reason | null,
): Attachment {
  const user = anyUser(stage, profile, defaults);
  const id = seen === null && !startsSomething(startOf(stage), profile) ? 'for-runner' : 'anyway';
  return report.fix(id, () => userOperations(stage, user, stage.state.user?.instruction ?? null), {
    data: { user: user.user },
    class: 'attended',
    alone: true,
    assumes: [...user.assumes, seen === null ? { id: 'works' } : { id: 'doubt', data: { seen }, evidence: true }],
  });
}

/** Whether a user is root: by its name, or because the base image gives that the number 0 and no instruction creates it anew. */
function isRoot(stage: Stage, value: string | null, facts: ImageFacts | null): boolean {
  if (value === null || isRootUser(value)) return value !== null;
  const { name } = userParts(value);
  return fileUid(facts, name) === 0 && !createdUsers(stage).some(created => created.name === name);
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The fixes of a stage that runs as root, or why there is none. */
function remedies(stage: Stage, profile: ImageProfile | null, context: RuleContext, report: UserReport): readonly Attachment[] {
  const variant = stage.state.user === null && stage.base === null ? unprivilegedVariant(stage, profile, context.workspace) : null;
  const replace =
    variant &&
    report.fix('twin', () => [replaceText(variant.range, variant.image)], {
      data: { image: variant.image },
      assumes: [{ id: 'twin' }],
    });
  const end = dropAtEnd(stage, context);
  const drop = end
    ? [
        report.fix('drop', () => [], {
          data: { user: end.user, script: end.path },
          class: 'attended',
          elsewhere: end.elsewhere,
          assumes: [{ id: 'given-away', data: { user: end.user } }],
        }),
      ]
    : [];
  const plan = planUser(stage, profile, context);
  if (plan.user === null) {
    const seen = plan.reason === 'needs-root' ? (plan.detail ?? null) : null;
    // Windows has users of other names, and no numbers
    const other = stage.windows ? null : anyway(stage, profile, context, report, seen);
    return [...(replace ? [replace] : []), ...drop, ...(other ? [other] : []), noFix(plan.reason, plan.detail)];
  }
  const run = (id: 'user' | 'by-name' | 'by-number', user: ChosenUser, attended: boolean): Attachment =>
    report.fix(id, () => userOperations(stage, user, stage.state.user?.instruction ?? null), {
      data: { user: user.user },
      class: attended ? 'attended' : undefined,
      assumes: [...plan.assumes, ...user.assumes.filter(a => !plan.assumes.includes(a))],
    });
  const { name, number } = otherUsers(stage, profile, plan.user, context.defaults);
  const others = [name && run('by-name', name, true), number && run('by-number', number, true), replace];
  const why = plan.attended === null ? [] : [noFix('attended', plan.attended)];
  return [run('user', plan.user, plan.attended !== null), ...drop, ...others.filter(other => other !== null), ...why];
}

export const rule = defineRule({
  id: 'dockerfile/root-user',
  title: 'Final stage runs as root',
  severity: 'error',
  category: 'privilege',
  profile: 'restricted',
  supersedes: ['dockerfile/unused-user'],
  references: { cisDocker: ['4.1'], nist800190: ['3.1.2', '4.1.2'], nsaCisa: ['1.0', '1.6'], mitre: ['T1611'], cwe: ['CWE-250'] },
  peers: {
    hadolint: ['DL3002'],
    trivy: ['DS-0002'],
    checkov: ['CKV_DOCKER_3', 'CKV_DOCKER_8'],
    kics: ['Missing User Instruction', "Last User Is 'root'"],
    semgrep: ['missing-user', 'missing-user-entrypoint', 'last-user-is-root'],
    dockle: ['CIS-DI-0001'],
    tally: ['hadolint/DL3002', 'tally/stateful-root-runtime'],
  },
  messages: {
    explicit: { text: 'The image runs as root: this is the last USER instruction' },
    missing: { text: 'The image runs as root: no USER is set, and "{image}" sets none', severity: 'warning' },
    told: { text: 'Service "{service}" starts the image as another user; without that setting, the image runs as root', severity: 'info' },
    here: { text: 'Here' },
    script: { text: 'The image starts as root: whether its script switches to "{user}" is not visible here', severity: 'hint' },
    administrator: { text: 'The image runs as ContainerAdministrator', severity: 'warning' },
    drops: { text: 'The image starts as root; its script {script} switches to another user', severity: 'hint' },
    master: {
      text: 'The image starts as root: {server} serves requests as another user, but its first process stays root',
      severity: 'hint',
    },
    unknown: { text: 'No USER is set, and it is not known whether "{image}" sets one', severity: 'hint' },
    stateful: { text: 'root writes files to {path}, so another user may be unable to use them later', severity: 'info', profile: 'strict' },
    tool: { text: 'The image runs as root for anyone who builds on it or runs it', severity: 'info' },
  },
  fixes: {
    user: { title: 'Run as user {user}', class: 'review' },
    'by-name': { title: 'Run as user {user}, specified by name', class: 'attended' },
    'by-number': { title: 'Run as user {user}, which needs no entry in /etc/passwd', class: 'attended' },
    anyway: { title: 'Run as user {user}, if nothing in the image needs root', class: 'attended' },
    'for-runner': { title: 'Run the image as user {user} by default', class: 'attended' },
    drop: { title: 'Switch to user {user} at the end of {script}', class: 'attended' },
    twin: { title: 'Use base image {image}, which does not need root', class: 'attended' },
  },
  assumptions: {
    ...userAssumptions,
    'given-away': 'Files that the program writes outside volumes are owned by {user}, or the start script makes that user their owner',
    works: 'The program works when run as the new user',
    twin: 'The new base image has been published, and its server listens on port 1024 or above',
  },
  on: {
    stage(stage, report, context) {
      if (!isRunStage(stage, context)) return;
      const profile = knownProfile(stage, context.workspace);
      const { user } = stage.state;
      const { text, raw, reference } = stage.root.image;
      const image = upTo(text ?? raw, '@');
      const place = user ? (user.instruction.words[0]?.range ?? user.instruction.keywordRange) : stage.image.range;
      if (reference !== null && reference.invalid !== null) return;
      const start = startOf(stage);
      const started = startsSomething(start, profile);
      if (!stage.isFinal && !started) return;
      const tool = () => anyway(stage, profile, context, report, null);
      if (stage.windows || profile?.os === 'windows') {
        const administrator = user ? /(?:^|\\)ContainerAdministrator$/i.test(user.value ?? '') : /servercore/.test(image);
        if (administrator && !user && !started && !needsRootImage(image)) report(place, 'tool', {}, tool(), noFix('no-fix'));
        else if (administrator) report(place, 'administrator', {}, ...remedies(stage, profile, context, report));
        return;
      }
      const facts = baseFacts(stage, context.workspace);
      const root = user ? isRoot(stage, user.value, facts) : profile?.defaultUser == null || profile.defaultUser.uid === 0;
      if (!root) return;
      if (dropsPrivileges(start, profile)) {
        const server = rootMaster(start, profile);
        if (server !== null) report(place, user ? 'explicit' : 'master', { server }, ...remedies(stage, profile, context, report));
        return;
      }
      // A script that came with the build, and a user that the file creates for it: most such scripts switch to the user.
      const [serviceUser] = start.entrypoint && /entry-?point/.test(start.words[0] ?? '') ? createdUsers(stage) : [];
      const told =
        started && (user || profile?.defaultUser) ? allServices(stage, context, ({ user: own }) => own !== null && !isRootUser(own)) : null;
      const script = startFact(stage, context);
      const inherited = start.entrypoint || user ? null : facts;
      if (startedScript(inherited, verifiedFile)?.drops)
        report(place, 'drops', { script: fileName(inherited!.entrypoint.at(-1) ?? '') }, tool(), noFix('no-fix'));
      else if (script?.drops)
        report(
          place,
          'drops',
          { script: fileName(script.path) },
          report.related(script.range, 'here', {}, script.path),
          tool(),
          noFix('no-fix'),
        );
      else if (told)
        report(
          place,
          'told',
          { service: told.service.name },
          report.related(told.range, 'here', {}, told.path),
          ...remedies(stage, profile, context, report),
        );
      else if (serviceUser) report(place, 'script', { user: serviceUser.name }, ...remedies(stage, profile, context, report));
      else if (user && !started && start.words.length > 0) report(place, 'tool', {}, tool(), noFix('no-fix'));
      else if (user)
        report(
          place,
          'explicit',
          {},
          ...(started ? remedies(stage, profile, context, report) : [tool(), noFix(profile || facts ? 'no-fix' : 'unknown-image')]),
        );
      else if (!profile?.defaultUser)
        report(
          place,
          'unknown',
          { image },
          ...(isTried(stage, profile, context)
            ? remedies(stage, profile, context, report)
            : [tool(), noFix(baseFacts(stage, context.workspace) ? 'needs-input' : 'unknown-image')]),
        );
      else if (!started) report(place, 'tool', {}, tool(), noFix('no-fix'));
      else report(place, 'missing', { image }, ...remedies(stage, profile, context, report));
      const kept = started && (user || profile?.defaultUser) ? statePath(stage) : null;
      if (kept) report(kept.range, 'stateful', { path: kept.path }, noFix('no-fix', 'a different USER instruction resolves this finding'));
    },
  },
});
