import data from './data/kics.json';

/** KICS' queries for each rule that answers for some: the first eight digits of their UUIDs, which tell them apart. */
export const kicsQueries: readonly (readonly [rule: string, queries: readonly string[]])[] = Object.entries(data.queries).map(
  ([rule, queries]) => [rule, queries.split(' ')],
);
