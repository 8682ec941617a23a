/** JSON may be nested this deep: parsers recurse, those of Prefect's clients as well as ours. */
export const NESTED_AT_MOST = 500;

/** Whether the text of a JSON value is nested deeper than allowed. Nothing is parsed for it. */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > NESTED_AT_MOST) return true;
  }
  return false;
}
