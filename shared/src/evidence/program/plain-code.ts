/** What stands behind the gap of an expression of Spring, Micronaut or Quarkus: the name of a property, and its default. */
const injected =
  /@(?:Value\(\s*(?:value\s*=\s*)?"\\?\$\{([\w.-]{1,80})(?::([^}"]{0,200}))?\}[^"]{0,40}"\s*\)|(?:ConfigProperty|Property)\(\s*name\s*=\s*"([\w.-]{1,80})"(?:\s*,\s*defaultValue\s*=\s*"([^"]{0,200})")?\s*\))/;

/** What an option of clap says of itself in front of its field. */
const argument = /^#\[(?:arg|clap|structopt)\(.*\bdefault_value\s*=\s*"([^"]{0,200})"/;

/** A field of Go with the variable that sets it and its default in its tag. */
const tagged =
  /^(\s*\w{1,60})\s{1,40}string\s{1,40}`[^`]{0,80}\b(?:env|envconfig|cfg):"(\w{1,60})[^`]{0,80}\b(?:envDefault|env-default|default):"([^"]{1,200})"/;

/** Words in front of what an annotation belongs to, up to its name. */
const declared =
  /^(?:(?:private|protected|public|static|final|lateinit|override|var|val|@\w{1,30}) ){0,5}(?:[\w.]{1,60}(?:<[\w<>, ]{1,40}>)? )?(\w{1,60})(?:\s?:\s?[\w.?]{1,60})?\s?(?=[;,)=]|$)/;

/** The expression that gives what is injected, in the words of Java. */
function propertyOf(match: RegExpExecArray): string {
  const [, name, standard, other, otherStandard] = match;
  return `System.getProperty("${name ?? other}", "${standard ?? otherStandard ?? ''}")`;
}

/** A line of Java or Kotlin with its annotations as the assignments that they come to; `null`: it belongs to the next line. */
function plainJava(line: string): string | null {
  let text = line;
  // fields and parameters of one line
  for (let count = 0; count < 6; count++) {
    const match = injected.exec(text);
    if (!match) return text;
    const behind = text.slice(match.index + match[0].length).trimStart();
    const target = declared.exec(behind);
    if (!target) return behind === '' ? null : text;
    const rest = behind.slice(target[0].length);
    text = `${text.slice(0, match.index)}${target[0].trim()} = ${propertyOf(match)}${rest}`;
  }
  return text;
}

/** What Rust puts between a variable and its default, and leaves the path what it is. */
const adapters = /\.(?:map\((?:\w{1,40}::)?(?:from|into|new)\)|map\(\|\w+\| \w{1,40}::from\(\w+\)\)|ok\(\)|as_deref\(\)|to_owned\(\))/g;

/** A line of Rust without them, with its defaults as values, and what is there if it is there: `if let Some(dir) = path.parent() {`. */
const plainRust = (line: string): string =>
  line
    .replace(adapters, '')
    .replace(/unwrap_or_else\(\|\w{0,20}\| ?/g, 'unwrap_or(')
    .replace(/\bif let (?:Some|Ok)\((\w{1,40})\) = /, 'let $1 = ');

/** A line that goes on with the value that the one before begins: `.unwrap_or_else(…)`. */
const goesOn = /^(?:\.|\?\.)\w/;

/** More lines do not make one expression. */
const mostJoined = 6;

/**
 * The lines of a program as single ones tell more: chains of calls in one, and what annotations inject as assignments. As many lines as there were, those
 * that were joined to another empty. Linear.
 */
export function plainLines(lines: readonly string[], path: string): readonly string[] {
  const isJava = /\.(?:java|kt)$/.test(path);
  const isRust = path.endsWith('.rs');
  if (path.endsWith('.go')) return lines.map(line => (line.includes('`') ? line.replace(tagged, '$1: getenv("$2", "$3"),') : line));
  if (!isJava && !isRust) return lines;
  const plain = lines.slice();
  for (let at = 0; at < plain.length; at++) {
    let joined = plain[at]!;
    let next = at + 1;
    for (; next < plain.length && next - at < mostJoined && joined.length < 600 && goesOn.test(plain[next]!.trim()); next++) {
      joined = joined.trimEnd() + plain[next]!.trim();
      plain[next] = '';
    }
    if (isJava && joined.includes('@')) {
      const own = plainJava(joined);
      const whole = own ?? (next < plain.length ? plainJava(`${joined} ${plain[next]!.trim()}`) : null);
      if (own === null && whole !== null) plain[next] = '';
      joined = whole ?? joined;
    }
    const standard = isRust ? argument.exec(joined.trim()) : null;
    const field = standard ? /^(\s*(?:pub )?\w{1,60}):/.exec(plain[next] ?? '')?.[1] : undefined;
    if (standard && field !== undefined) plain[next] = `${field} = "${standard[1]}",`;
    plain[at] = isRust ? plainRust(joined) : joined;
  }
  return plain;
}
