import { type CfnElement, Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../api/routes.ts';
import { ensureBundles, resources, type Synthesized, synthesize } from './synth.ts';

let plain: Synthesized;
beforeAll(async () => {
  await ensureBundles();
  plain = synthesize();
});

describe('the API', () => {
  const routes = (from = plain) =>
    resources(from, 'AWS::ApiGatewayV2::Route').map((one) => one.Properties);

  test('has every route of the table and the default one, and no other', () => {
    const expected = Object.values(ROUTES).map(
      ({ method, path }) => `${method} ${path.replace(/\/$/, '')}`,
    );
    expect(
      routes()
        .map((route) => route.RouteKey)
        .sort(),
    ).toEqual([...expected, '$default'].sort());
    // API Gateway's quota, unless one asks for more.
    expect(routes().length).toBeLessThanOrEqual(300);
  });

  test('a route is a resource by its method and path alone: no upgrade makes one that is there', () => {
    const template = plain.template.findResources('AWS::ApiGatewayV2::Route');
    const http = plain.dibs.node.findChild('Http').node;
    for (const [id, { Properties: route }] of Object.entries(template)) {
      if (route.RouteKey === '$default') continue;
      // Nor does another name of a parameter.
      const child = http.findChild(
        route.RouteKey.replaceAll(/\{\w+\}/g, '{}').replaceAll('/', '--'),
      );
      expect(plain.stack.getLogicalId(child.node.defaultChild as CfnElement)).toBe(id);
    }
  });

  test('an integration and its permission are the same resources, whatever the order of the route table', () => {
    const integrations = plain.template.findResources('AWS::ApiGatewayV2::Integration');
    expect(Object.keys(integrations).sort()).toEqual([
      'DibsHttpPOSTapiworkpoolsControlF7E8B288',
      'DibsHttpPOSTapiworkpoolsclaimWorker7EADF261',
    ]);
    const permissions = Object.keys(plain.template.findResources('AWS::Lambda::Permission'));
    expect(permissions.filter((id) => id.startsWith('DibsHttpPOST')).sort()).toEqual([
      'DibsHttpPOSTapiworkpoolsApiPermissionApiScopedStackDibsControlApiFunction245545F9StackDibsHttpApi26E828512F41E303',
      'DibsHttpPOSTapiworkpoolsclaimApiPermissionApiScopedStackDibsWorkerApiFunctionB9B75195StackDibsHttpApi26E828515E2FA92F',
    ]);
  });

  test('asks the authorizer at every route, but where none is needed', () => {
    const open = Object.values(ROUTES)
      .filter(({ access }) => access === 'anyone')
      .map(({ method, path }) => `${method} ${path}`);
    const unasked = routes().filter((route) => route.AuthorizationType !== 'CUSTOM');
    expect(unasked.map((route) => route.RouteKey)).toEqual(open);
  });

  test('keeps the authorizer’s answers for a minute, by the header, or for as long as is said', () => {
    const authorizer = (ttl: number) => ({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: ttl,
    });
    plain.template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', authorizer(60));
    const never = synthesize({ authorizerCache: Duration.seconds(0) });
    never.template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', authorizer(0));
  });

  test('is throttled, and logs requests without their content', () => {
    const [stage] = resources(plain, 'AWS::ApiGatewayV2::Stage');
    expect(stage?.Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 4000 },
    });
    const format = Object.values(
      JSON.parse(stage?.Properties.AccessLogSettings.Format),
    ) as string[];
    expect(format).not.toEqual([]);
    expect(format).toEqual(
      expect.arrayContaining([
        '$context.error.message',
        '$context.integrationErrorMessage',
        '$context.authorizer.error',
      ]),
    );
    for (const field of format)
      expect(field).not.toMatch(/path|header|query|body|sourceIp|authorizer\.claims/i);
    const other = synthesize({ throttle: { rateLimit: 5, burstLimit: 7 }, accessLogs: false });
    const [its] = resources(other, 'AWS::ApiGatewayV2::Stage');
    expect(its?.Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 5,
      ThrottlingBurstLimit: 7,
    });
    expect(its?.Properties).not.toHaveProperty('AccessLogSettings');
  });

  test('has a name of the user’s, and tells it', () => {
    const arn = 'arn:aws:acm:eu-central-1:111111111111:certificate/1';
    const named = synthesize((stack) => ({
      domain: {
        name: 'dibs.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'C', arn),
      },
    }));
    named.template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'dibs.example.com',
    });
    named.template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    expect(named.dibs.apiUrl).toBe('https://dibs.example.com/api');
    expect(named.dibs.domainTarget).toBeDefined();
  });
});
