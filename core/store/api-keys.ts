import type { ApiKey } from '../api-keys.ts';
import type { Instant } from '../instant.ts';

/** API keys: few, and read by their id. */
export interface ApiKeyStore {
  createApiKey(key: ApiKey): Promise<void>;
  readApiKey(id: string): Promise<ApiKey | undefined>;
  /** In the order of their creation, with those that are valid no longer. Default: fresh. */
  listApiKeys(how?: 'fresh' | 'cached'): Promise<ApiKey[]>;
  /** One that is revoked already stays as it is. */
  revokeApiKey(id: string, at: Instant): Promise<'revoked' | 'missing'>;
  /** It was used on that day; one that was deleted meanwhile stays away. */
  stampApiKey(id: string, day: string): Promise<void>;
}
