import type { YamlDocument, YamlMap, YamlNode, YamlScalar, YamlSequence } from '../../types';
import { columnOf } from './lines';
import { isPlainSafe, type ScalarStyle } from './scalar-text';

/** How a file is written: what new text follows. */
export interface Style {
  /** Columns by which a map is indented below its key. */
  readonly unit: number;
  /** Columns by which the dashes of a sequence are indented below its key. */
  readonly dash: number;
  readonly quote: 'single' | 'double';
  /** Whether short sequences are written as `[a, b]`. */
  readonly flow: boolean;
  /** How strings in `[a, b]` are quoted. */
  readonly items: ScalarStyle;
  /** Whether blanks stand within the braces of a flow map. */
  readonly braces: boolean;
}

class Tally<K> {
  private readonly counts = new Map<K, number>();

  add(key: K): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  count(key: K): number {
    return this.counts.get(key) ?? 0;
  }

  most(otherwise: K): K {
    let best = otherwise;
    let most = 0;
    for (const [key, count] of this.counts) {
      if (count > most) {
        best = key;
        most = count;
      }
    }
    return best;
  }
}

interface Tallies {
  readonly text: string;
  readonly unit: Tally<number>;
  readonly dash: Tally<number>;
  readonly quote: Tally<'single' | 'double'>;
  readonly lists: Tally<'flow' | 'block'>;
  readonly items: Tally<ScalarStyle>;
  readonly braces: Tally<boolean>;
}

const styles = new WeakMap<YamlDocument, Style>();

/** What prevails in a document; two columns, double quotes, and block style where it shows nothing. */
export function styleOf(document: YamlDocument): Style {
  let style = styles.get(document);
  if (style === undefined) {
    const { text } = document;
    const tallies: Tallies = {
      text,
      unit: new Tally(),
      dash: new Tally(),
      quote: new Tally(),
      lists: new Tally(),
      items: new Tally(),
      braces: new Tally(),
    };
    visit(document.root, tallies);
    const unit = tallies.unit.most(2);
    style = {
      unit,
      dash: tallies.dash.most(unit),
      quote: tallies.quote.most('double'),
      flow: tallies.lists.count('flow') > tallies.lists.count('block'),
      items: tallies.items.most('plain'),
      braces: tallies.braces.most(true),
    };
    styles.set(document, style);
  }
  return style;
}

function visit(node: YamlNode | null, tallies: Tallies): void {
  if (node === null) return;
  if (node.kind === 'scalar') {
    if (node.style === 'single' || node.style === 'double') tallies.quote.add(node.style);
  } else if (node.kind === 'map') {
    if (node.flow) {
      if (node.entries.length > 0) tallies.braces.add(tallies.text[node.range.start + 1] === ' ');
    } else {
      const column = columnOf(tallies.text, node.range.start);
      for (const { value } of node.entries) noteStep(column, value, tallies);
    }
    for (const { value } of node.entries) visit(value, tallies);
  } else if (node.kind === 'sequence') {
    noteList(node, tallies);
    for (const item of node.items) visit(item, tallies);
  }
}

function noteStep(column: number, value: YamlNode | null, tallies: Tallies): void {
  if ((value?.kind !== 'map' && value?.kind !== 'sequence') || value.flow) return;
  const step = columnOf(tallies.text, value.range.start) - column;
  if (value.kind === 'map' && step > 0) tallies.unit.add(step);
  if (value.kind === 'sequence' && step >= 0) tallies.dash.add(step);
}

function noteList(node: YamlSequence, tallies: Tallies): void {
  if (node.items.length === 0 || !node.items.every(item => item?.kind === 'scalar')) return;
  tallies.lists.add(node.flow ? 'flow' : 'block');
  if (!node.flow) return;
  for (const item of node.items) {
    const style = item?.kind === 'scalar' ? chosenStyle(item, node.flow) : null;
    if (style !== null) tallies.items.add(style);
  }
}

/** The style that somebody chose for a string; `null` where quotes are needed, which says nothing of others. */
function chosenStyle({ value, style }: YamlScalar, flow: boolean): ScalarStyle | null {
  if (typeof value !== 'string') return null;
  const isQuoted = style === 'single' || style === 'double';
  return isQuoted ? (isPlainSafe(value, flow) ? style : null) : 'plain';
}

/** The style in which a sequence writes its strings: that of the first that shows one; `otherwise` where none does. */
export function stringStyle(node: YamlSequence | null, otherwise: ScalarStyle): ScalarStyle {
  for (const item of node?.items ?? []) {
    const style = item?.kind === 'scalar' ? chosenStyle(item, node!.flow) : null;
    if (style !== null) return style;
  }
  return otherwise;
}

/** Columns by which the values of this very map are indented, where one shows it; else what prevails in the document. */
export function unitOf(document: YamlDocument, map: YamlMap): number {
  const column = columnOf(document.text, map.range.start);
  for (const { value } of map.entries) {
    if (value?.kind === 'map' && !value.flow) {
      const step = columnOf(document.text, value.range.start) - column;
      if (step > 0) return step;
    }
  }
  return styleOf(document).unit;
}

/** Columns by which the dashes below the keys of this very map are indented, where one shows it; else what prevails in the document. */
export function dashOf(document: YamlDocument, map: YamlMap): number {
  const column = columnOf(document.text, map.range.start);
  for (const { value } of map.entries) {
    if (value?.kind === 'sequence' && !value.flow) {
      const step = columnOf(document.text, value.range.start) - column;
      if (step >= 0) return step;
    }
  }
  return styleOf(document).dash;
}
