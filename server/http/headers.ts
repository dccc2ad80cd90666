/** Options for Hono's middleware that sets CORS and security headers. */
import pages from "../site/pages.json" with { type: "json" };

/** The data is public: any site may read it. */
export const corsOptions = {
  origin: "*",
  allowMethods: ["GET", "HEAD"],
  allowHeaders: ["*"],
  exposeHeaders: ["ETag", "Retry-After", "X-Request-Id"],
  maxAge: 86_400,
};

/** Scripts must be our own files, or the one in the document; styles may be inline. */
export const securityHeaders = {
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", `'${pages.scriptHash}'`],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:", "blob:"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xContentTypeOptions: true,
  xFrameOptions: "DENY",
  referrerPolicy: "strict-origin-when-cross-origin",
  // Not sent: operators decide on HTTPS, and other sites may embed the API's responses.
  strictTransportSecurity: false,
  crossOriginResourcePolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  // Hono does not set it.
  removePoweredBy: false,
};
