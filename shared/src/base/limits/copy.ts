/**
 * Plain data whose texts are its own. What is cut out of a text, or put together from such cuts, keeps all of it in memory for as long as it lives: what stays
 * when a file is forgotten has to be copied.
 */
export function copied<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T;
}
