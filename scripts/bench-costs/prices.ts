/**
 * List prices of us-east-1 in US dollars, without free tiers, from AWS's pricing pages of November
 * 2026. Check those pages before you rely on these prices, and for the prices of your region.
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
  /** CloudWatch, for each metric, alarm and dashboard, per month. */
  customMetric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  /** EventBridge, custom events. */
  event: 1e-6,
} as const;

/** Memory of the API's Lambdas in GB, as the construct sets it. */
export const API_GB = 1;
export const MONTH_SECONDS = 30 * 86_400;
