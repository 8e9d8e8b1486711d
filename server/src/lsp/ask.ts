import type { MessageType } from 'vscode-languageserver';
import { ShowMessageNotification, type Connection } from 'vscode-languageserver';
import type { MaskedText } from '../../../shared/src/early';

/** Shows a message without buttons, which expects no answer. */
export function tell({ connection }: { readonly connection: Connection }, type: MessageType, message: MaskedText): void {
  void connection.sendNotification(ShowMessageNotification.type, { type, message });
}

/** Asks the user to choose one of a few, by `window/showMessageRequest`. `undefined`: none. Titles are taken to differ. */
export async function ask<T>(
  { window }: Pick<Connection, 'window'>,
  question: MaskedText,
  items: readonly T[],
  titleOf: (item: T) => MaskedText,
): Promise<T | undefined> {
  const actions = items.map(item => ({ title: titleOf(item) }));
  const answer = await window.showInformationMessage<{ title: MaskedText }>(question, ...actions);
  return items[actions.findIndex(({ title }) => title === answer?.title)];
}
