// The API's documentation: shows /openapi.json with the viewer that the page has loaded before.

/** @type {any} */ (globalThis).SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
