/**
 * Whether CloudWatch accepts this text as the value of a dimension. It drops a whole log line of
 * metrics that has any other.
 */
export const isDimensionValue = (text: string): boolean =>
  /^(?!:)[\x20-\x7e]{1,255}$/.test(text) && text.trim() !== '';
