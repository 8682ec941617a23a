import { basename, dirname, join, normalize } from 'node:path';

/** A path or a file name in prose, as in core/states/fence.ts. */
const NAMED =
  /(?<![\w/.*-])(?:\.{1,2}\/)*(?:[\w@-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:ts|md|grit|cjs)\b(?![\w/*])/g;
/** Files of users, in examples. */
const NOT_OURS = new Set(['file.ts', 'flow.ts', 'hello.ts']);

/** Files that comments and pages name and that are not there. */
export function missingFiles(
  texts: ReadonlyMap<string, string>,
  files: ReadonlySet<string>,
): string[] {
  const names = new Set([...files].map((file) => basename(file)));
  const isThere = (name: string, inFile: string): boolean => {
    if (NOT_OURS.has(name)) return true;
    // In code a bare name is a neighbour's; on a page it is any file's.
    if (!name.includes('/') && !inFile.endsWith('.ts')) return names.has(name);
    if (files.has(normalize(name)) || files.has(join(dirname(inFile), name))) return true;
    return false;
  };
  return [...texts].flatMap(([file, text]) =>
    [...proseOf(file, text).matchAll(NAMED)]
      .map(([name]) => name)
      .filter((name) => !isThere(name, file))
      .map((name) => `${file}: names ${name}, which is not there`),
  );
}

/** The comments of code; of a page, all of it. */
function proseOf(file: string, text: string): string {
  if (!file.endsWith('.ts')) return text;
  const comments = text.match(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm) ?? [];
  return comments.join('\n');
}
