/** A job template as `prefect work-pool create --type process` sends it, shortened. */
export const TEMPLATE = {
  variables: {
    type: 'object',
    properties: {
      command: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
      env: { type: 'object', additionalProperties: { type: 'string' } },
      retries: { type: 'integer', default: 0 },
    },
  },
  job_configuration: {
    command: '{{ command }}',
    env: '{{ env }}',
    nested: { list: ['{{ retries }}', 'x{{ command }}y'] },
  },
};

/** The schema of `def f(x: int, y: str = 'b')`. */
export const SCHEMA = {
  title: 'Parameters',
  type: 'object',
  properties: {
    x: { title: 'x', type: 'integer', position: 0 },
    y: { title: 'y', type: 'string', default: 'b', position: 1 },
  },
  required: ['x'],
};
