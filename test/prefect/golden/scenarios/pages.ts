/** Limits and offsets, which every list accepts. */
export const PAGES = [
  ['limit 2', { limit: 2 }],
  ['limit 0', { limit: 0 }],
  ['limit null', { limit: null, offset: null }],
  ['limit 200', { limit: 200 }],
  ['limit 201', { limit: 201 }],
  ['limit below 0', { limit: -1 }],
  ['limit of a text', { limit: 'two' }],
  ['limit 1.5', { limit: 1.5 }],
  ['offset 1', { offset: 1 }],
  ['offset beyond the end', { offset: 99 }],
  ['offset below 0', { offset: -1 }],
  ['limit 1 offset 1', { limit: 1, offset: 1 }],
] as const;
