import { dirname } from 'node:path';

const FILES_IN_A_FOLDER = 14;
const LINES_IN_A_FILE = 250;
/** Tests grow with what they test, and a schema is as long as the body it describes. */
const UNBOUNDED = /^test\/|schemas?\.ts$/;

/** Folders with more code files than one takes in at a glance, and files that hold too much. */
export function tooLarge(texts: ReadonlyMap<string, string>): string[] {
  const inFolder = new Map<string, number>();
  const wrong: string[] = [];
  for (const [file, text] of texts) {
    if (file.startsWith('test/')) continue;
    inFolder.set(dirname(file), (inFolder.get(dirname(file)) ?? 0) + 1);
    const lines = text.split('\n').length - 1;
    if (lines > LINES_IN_A_FILE && !UNBOUNDED.test(file)) {
      wrong.push(`${file}: ${lines} lines, more than ${LINES_IN_A_FILE}`);
    }
  }
  for (const [folder, files] of inFolder) {
    if (files > FILES_IN_A_FOLDER) {
      wrong.push(`${folder}/: ${files} files, more than ${FILES_IN_A_FOLDER}`);
    }
  }
  return wrong;
}
