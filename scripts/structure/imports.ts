import { dirname, join } from 'node:path';

// Biome writes every import in this form, on one line or with the path on its last one.
const PATH = /(?:from|import) '(\.[^']+)'|import\('(\.[^']+)'\)/g;

/** The files of the repository that a file imports, types included, as paths from the root. */
export const importsOf = (file: string, text: string): string[] =>
  [...text.matchAll(PATH)].map(([, plain, called]) =>
    join(dirname(file), plain ?? called ?? '').replaceAll('\\', '/'),
  );
