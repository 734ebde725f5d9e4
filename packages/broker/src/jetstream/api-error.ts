/** A refusal of the JetStream API, with nats-server's codes. */
export class ApiError extends Error {
  readonly code: number;
  readonly errCode: number;

  constructor(code: number, errCode: number, description: string) {
    super(description);
    this.code = code;
    this.errCode = errCode;
  }

  toJSON(): object {
    return { code: this.code, err_code: this.errCode, description: this.message };
  }
}

const always = (code: number, errCode: number, description: string) => (): ApiError =>
  new ApiError(code, errCode, description);
const saying = (code: number, errCode: number) => (description: string) => new ApiError(code, errCode, description);

/** Refusals of any request. */
export const refusals = {
  badRequest: always(400, 10003, "bad request"),
  clusterRequired: always(503, 10010, "JetStream clustering support required"),
  insufficientResources: always(503, 10023, "insufficient resources"),
  invalidJson: always(400, 10025, "invalid JSON"),
  notEmpty: always(400, 10038, "expected an empty request payload"),
};

/** Refusals of requests about streams and their messages. */
export const streamRefusals = {
  invalid: saying(500, 10052),
  pathSeparators: always(400, 10128, "Stream name can not contain path separators"),
  mismatch: always(400, 10056, "stream name in subject does not match request"),
  notFound: always(404, 10059, "stream not found"),
  nameInUse: always(400, 10058, "stream name already in use with a different configuration"),
  overlaps: always(400, 10065, "subjects overlap with an existing stream"),
  replicas: always(500, 10074, "replicas > 1 not supported in non-clustered mode"),
  negativeReplicas: always(400, 10133, "replicas count cannot be negative"),
  sealed: always(400, 10109, "invalid operation on sealed stream"),
  noMessage: always(404, 10037, "no message found"),
  deleteFailed: saying(500, 10057),
  noSequence: (sequence: number) => new ApiError(400, 10043, `sequence ${sequence} not found`),
  purgeFailed: saying(500, 10110),
  updateFailed: saying(500, 10069),
};

/** Refusals of published messages. */
export const publishRefusals = {
  otherStream: always(400, 10060, "expected stream does not match"),
  lastSequence: (sequence: number) => new ApiError(400, 10071, `wrong last sequence: ${sequence}`),
  lastId: (id: string) => new ApiError(400, 10070, `wrong last msg ID: ${id}`),
  tooLarge: always(400, 10054, "message size exceeds maximum allowed"),
  headerTooLarge: always(400, 10097, "header size exceeds maximum allowed of 64k"),
  notStored: saying(503, 10077),
  rollup: always(500, 10111, "rollup not permitted"),
};

/** Refusals of requests about consumers. */
export const consumerRefusals = {
  notFound: always(404, 10014, "consumer not found"),
  failed: saying(500, 10012),
  exists: always(400, 10148, "consumer already exists"),
  doesNotExist: always(400, 10149, "consumer does not exist"),
  nameInUse: always(400, 10013, "consumer name already in use"),
  tooMany: always(400, 10026, "maximum consumers limit reached"),
  badName: always(400, 10103, "durable name can not contain '.', '*', '>'"),
  nameTooLong: (most: number) => new ApiError(400, 10102, `consumer name is too long, maximum allowed is ${most}`),
  pathSeparators: always(400, 10127, "Consumer name can not contain path separators"),
  ephemeralWithDurable: always(400, 10020, "consumer expected to be ephemeral but a durable name was set in request"),
  durableNotSet: always(400, 10018, "consumer expected to be durable but a durable name was not set"),
  durableMismatch: always(400, 10017, "consumer name in subject does not match durable name in request"),
  durableAndName: always(400, 10132, "Consumer Durable and Name have to be equal if both are provided"),
  filterMismatch: always(400, 10131, "Consumer create request did not match filtered subject from create subject"),
  filtersInSubject: always(400, 10137, "consumer with multiple subject filters cannot use subject based API"),
  filterTwice: always(400, 10136, "consumer cannot have both FilterSubject and FilterSubjects specified"),
  emptyFilter: always(400, 10139, "consumer filter in FilterSubjects cannot be empty"),
  filtersOverlap: always(400, 10138, "consumer subject filters cannot overlap"),
  policy: (problem: string) => new ApiError(400, 10094, problem),
  sampling: (problem: string) =>
    new ApiError(400, 10095, `failed to parse consumer sampling configuration: ${problem}`),
  replicas: always(400, 10126, "consumer config replica count exceeds parent stream"),
  backoff: always(400, 10116, "max deliver is required to be > length of backoff values"),
  descriptionTooLong: (most: number) =>
    new ApiError(400, 10107, `consumer description is too long, maximum allowed is ${most}`),
  metadataTooLong: (most: string) => new ApiError(400, 10135, `consumer metadata exceeds maximum size of ${most}`),
  pullNeedsAck: always(400, 10084, "consumer in pull mode requires ack policy"),
  rateLimit: always(400, 10086, "consumer in pull mode can not have rate limit set"),
  negativeWaiting: always(400, 10087, "consumer max waiting needs to be positive"),
  heartbeat: always(400, 10088, "consumer idle heartbeat requires a push based consumer"),
  flowControl: always(400, 10089, "consumer flow control requires a push based consumer"),
  direct: always(400, 10090, "consumer direct requires a push based consumer"),
  negativeBatch: always(400, 10114, "consumer max request batch needs to be > 0"),
  shortExpires: always(400, 10115, "consumer max request expires needs to be >= 1ms"),
  ackPending: (most: number) => new ApiError(400, 10121, `consumer max ack pending exceeds system limit of ${most}`),
  inactiveThreshold: (most: string) =>
    new ApiError(400, 10153, `consumer inactive threshold exceeds system limit of ${most}`),
  queueNeedsExplicit: always(400, 10098, "workqueue stream requires explicit ack"),
  queueUnfiltered: always(400, 10099, "multiple non-filtered consumers not allowed on workqueue stream"),
  queueNotUnique: always(400, 10100, "filtered consumer not unique on workqueue stream"),
  queueNotAll: always(400, 10101, "consumer must be deliver all on workqueue stream"),
};
