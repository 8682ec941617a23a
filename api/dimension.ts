/** CloudWatch takes no other text as the value of a dimension, and drops a whole line that has one. */
export const isDimensionValue = (text: string): boolean =>
  /^(?!:)[\x20-\x7e]{1,255}$/.test(text) && text.trim() !== '';
