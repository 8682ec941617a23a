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
import type { Route } from '../api/route.ts';
import { ROUTES } from '../api/routes.ts';
import { acknowledge } from './acknowledged.ts';
import type { DibsProps } from './props.ts';

interface Functions {
  readonly worker: IFunction;
  readonly control: IFunction;
  readonly authorizer: IFunction;
}

/**
 * The CDK names an integration after the first route that uses it. These two come first whatever the
 * order of the table, so that an upgrade does not replace the integrations, and with them the target of
 * every route.
 */
const ROUTES_IN_ORDER: ReadonlySet<Route> = new Set<Route>([
  ROUTES.claim,
  ROUTES.createWorkPool,
  ...Object.values(ROUTES),
]);

/**
 * The HTTP API, built from the route table: each route calls the Lambda that owns it. A request
 * that no route matches goes to the control API, which answers it with an error. Only routes that
 * need no key have no authorizer; the default route has one, too.
 */
export class DibsHttpApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, functions: Functions, props: DibsProps) {
    super(scope, id);
    // With a named stage, its name would be part of every path, but clients expect the API at the
    // root.
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
    // One permission for the whole API: one per route would exceed the size of a function's policy.
    const scopePermissionToRoute = false;
    const integrations = {
      worker: new HttpLambdaIntegration('Worker', functions.worker, { scopePermissionToRoute }),
      control: new HttpLambdaIntegration('Control', functions.control, { scopePermissionToRoute }),
    };
    for (const { method, path, owner, access } of ROUTES_IN_ORDER) {
      // Prefect's clients send some paths with a final slash. Those may come by the default route.
      const served = path.replace(/\/$/, '');
      // An upgrade creates new routes before it deletes old ones, and API Gateway refuses a route
      // that exists. So a route for the same requests must stay the same resource, whatever else
      // changes.
      const route = new HttpRoute(this, `${method} ${served.replace(/\{\w+\}/g, '{}')}`, {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(served, method as HttpMethod),
        integration: integrations[owner],
        authorizer: access === 'anyone' ? new HttpNoneAuthorizer() : authorizer,
      });
      if (access === 'anyone') {
        acknowledge(route, {
          'AwsSolutions-APIG4': 'Without a key, one can only ask whether the server is up.',
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
                  // A group with another name would add to a policy of CloudWatch Logs that has a
                  // size limit.
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

/**
 * The fields of an access log line. No path, because users choose the names in it; no header, no
 * query.
 */
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
