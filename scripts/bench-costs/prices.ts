/**
 * List prices of us-east-1 in US dollars, without free tiers, as AWS's pricing pages showed them in
 * November 2026: look there before you rely on them, and for your region.
 */
export const PRICES = {
  /** DynamoDB, on demand, standard table class. */
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** API Gateway, HTTP API. */
  apiRequest: 1e-6,
  /** Lambda, arm64. */
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 1.33334e-5,
  /** CloudWatch Logs, ingested. */
  logGb: 0.5,
  /** Each, per month. */
  customMetric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  /** EventBridge, events of one's own. */
  event: 1e-6,
} as const;

/** GB of the Lambdas of the API, as the construct makes them. */
export const API_GB = 1;
export const MONTH_SECONDS = 30 * 86_400;
