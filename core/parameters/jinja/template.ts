import { parse, tokenize } from '@huggingface/jinja';
import { JinjaFault, JinjaUnsupported } from './values.ts';

/** Prefect's own bounds, and those on the size of a template. */
const LOOPS = 10;
const NESTED_LOOPS = 2;
const LONGEST_TEMPLATE = 10_000;
/** Levels of expressions within expressions. */
export const DEEPEST = 50;

/** A part of a template, as the parser makes it. */
export interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

/**
 * The parts of a template.
 * @throws JinjaFault, JinjaUnsupported
 */
export function parsed(template: string): Node[] {
  if (template.length > LONGEST_TEMPLATE) {
    throw new JinjaFault(`the template is longer than ${LONGEST_TEMPLATE} characters`);
  }
  // Jinja drops one newline at the end.
  const { body } = unlessWrong(() => parse(tokenize(template.replace(/\n$/, ''))));
  assertLoops(body as unknown as Node[]);
  return body as unknown as Node[];
}

function unlessWrong<Result>(parseIt: () => Result): Result {
  try {
    return parseIt();
  } catch (error) {
    // At the end of the text the parser reads on.
    if (error instanceof TypeError) throw new JinjaFault("unexpected 'end of template'");
    const { message } = error as Error;
    const tag = /^Unknown statement type: (.*)$/.exec(message)?.[1];
    if (tag !== undefined && TAGS.has(tag)) throw new JinjaUnsupported(`the tag ${tag}`);
    throw new JinjaFault(tag === undefined ? message : `Encountered unknown tag '${tag}'.`);
  }
}

/** Jinja's tags that the parser does not know. */
const TAGS = new Set([
  'raw',
  'include',
  'import',
  'from',
  'extends',
  'block',
  'with',
  'autoescape',
]);

function assertLoops(body: readonly Node[]): void {
  let loops = 0;
  const look = (value: unknown, depth: number, loopDepth: number): void => {
    if (depth > DEEPEST * 4) throw new JinjaFault('the template is nested too deeply');
    if (typeof value !== 'object' || value === null) return;
    const isLoop = (value as Node).type === 'For';
    if (isLoop) loops++;
    if (isLoop && loopDepth >= NESTED_LOOPS) {
      throw new JinjaFault(
        `Contains nested for loops at a depth of ${loopDepth + 1}. Templates can nest for loops no more than ${NESTED_LOOPS} loops deep.`,
      );
    }
    for (const inside of Object.values(value))
      look(inside, depth + 1, loopDepth + (isLoop ? 1 : 0));
  };
  look(body, 0, 0);
  if (loops > LOOPS) {
    throw new JinjaFault(
      `Contains ${loops} for loops. Templates can contain no more than ${LOOPS} for loops.`,
    );
  }
}
