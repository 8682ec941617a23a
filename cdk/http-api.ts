import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  DomainName,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTES } from '../api/routes.ts';
import { acknowledge } from './acknowledged.ts';
import type { DibsProps } from './props.ts';

interface Functions {
  readonly worker: IFunction;
  readonly control: IFunction;
  readonly authorizer: IFunction;
}

/**
 * The HTTP API, made from the route table: each route goes to the Lambda that owns it. What no route
 * matches goes to the control API, which says so. A route that needs no key has no authorizer; every
 * other one has, the one for what nothing matches among them.
 */
export class DibsHttpApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, functions: Functions, props: DibsProps) {
    super(scope, id);
    // The stage's own id would be in every path: clients know the API by its root.
    this.api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      description: 'dibs: a control plane for work pools',
    });
    this.domain = this.#domain(props);
    this.stage = this.#stage(props);

    const authorizer = new HttpLambdaAuthorizer('Authorizer', functions.authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: props.authorizerCache ?? Duration.seconds(60),
    });
    // One permission per API: one per route would not fit a function's policy.
    const scopePermissionToRoute = false;
    const integrations = {
      worker: new HttpLambdaIntegration('Worker', functions.worker, { scopePermissionToRoute }),
      control: new HttpLambdaIntegration('Control', functions.control, { scopePermissionToRoute }),
    };
    for (const { method, path, owner, access } of Object.values(ROUTES)) {
      // With a slash at its end, as Prefect's clients send some, it may come by the default route.
      const served = path.replace(/\/$/, '');
      // An upgrade makes new routes before it deletes old ones, and API Gateway refuses one that is there:
      // whatever else changes of a route, the same requests must stay the same resource.
      const route = new HttpRoute(this, `${method} ${served.replace(/\{\w+\}/g, '{}')}`, {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(served, method as HttpMethod),
        integration: integrations[owner],
        authorizer: access === 'anyone' ? new HttpNoneAuthorizer() : authorizer,
      });
      if (access === 'anyone') {
        acknowledge(route, {
          'AwsSolutions-APIG4': 'Whether the server is up is told without a key, and nothing else.',
        });
      }
    }
    new HttpRoute(this, 'Default', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: integrations.control,
      authorizer,
    });
  }

  #stage({ throttle, accessLogs, logRetention }: DibsProps): HttpStage {
    const { rateLimit = 2000, burstLimit = 4000 } = throttle ?? {};
    return new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit, burstLimit },
      ...(this.domain ? { domainMapping: { domainName: this.domain } } : {}),
      ...(accessLogs === false
        ? {}
        : {
            accessLogSettings: {
              destination: new LogGroupLogDestination(
                new LogGroup(this, 'AccessLogs', {
                  // Under any other name each group would lengthen a policy of CloudWatch Logs that is bounded.
                  logGroupName: `/aws/vendedlogs/dibs/${Names.uniqueResourceName(this, { maxLength: 200 })}`,
                  retention: logRetention ?? RetentionDays.ONE_MONTH,
                  removalPolicy: RemovalPolicy.DESTROY,
                }),
              ),
              format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
            },
          }),
    });
  }

  #domain({ domain }: DibsProps): DomainName | undefined {
    if (!domain) return undefined;
    return new DomainName(this, 'Domain', {
      domainName: domain.name,
      certificate: domain.certificate,
    });
  }
}

/** What a line of the access log tells. No path: names in it may be anybody's; no header, no query. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  request_id: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  latency_ms: '$context.responseLatency',
  lambda_ms: '$context.integrationLatency',
  error: '$context.error.message',
  lambda_error: '$context.integrationErrorMessage',
  authorizer_error: '$context.authorizer.error',
  key_id: '$context.authorizer.keyId',
};
