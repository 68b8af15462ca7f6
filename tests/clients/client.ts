// Uses all seven resources by generated types: node client.js ORIGIN USERNAME PASSWORD

import assert from "node:assert/strict";
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.js";

type ShoppingRecord = components["schemas"]["ShoppingRecord"];

const [origin, username, password] = process.argv.slice(2);
assert(origin && username && password, "node client.js ORIGIN USERNAME PASSWORD");
const api = createClient<paths>({ baseUrl: origin });

// What was answered; anything but success ends the program.
function got<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.error !== undefined || answer.data === undefined) {
    throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

const tokens = got(await api.POST("/api/auth/token/", { body: { username, password } }));
const bearer: Middleware = {
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${tokens.access}`);
  },
};
api.use(bearer);
assert.equal(got(await api.GET("/api/auth/user/")).username, username);

const category = got(await api.POST("/api/categories/", { body: { name: "Meat" } }));
const unit = got(await api.POST("/api/units/", { body: { name: "g" } }));
const manufacturer = got(await api.POST("/api/manufacturers/", { body: { name: "Yamato Foods" } }));
const origin_ = got(await api.POST("/api/origins/", { body: { name: "Hokkaido" } }));
const store = got(await api.POST("/api/stores/", { body: { name: "Life", location: "Kyoto" } }));

let product = got(
  await api.POST("/api/products/", {
    body: { name: "Beef", category_id: category.id, unit_id: unit.id, origin_id: origin_.id },
  }),
);
assert.equal(product.manufacturer, null);
assert.equal(product.origin?.name, "Hokkaido");
product = got(
  await api.PATCH("/api/products/{id}/", {
    params: { path: { id: product.id } },
    body: { manufacturer_id: manufacturer.id, origin_id: null },
  }),
);
assert.equal(product.manufacturer?.name, "Yamato Foods");
assert.equal(product.origin, null);

const bought = { purchase_date: "2025-01-01", store_id: store.id, product_id: product.id };
const record: ShoppingRecord = got(
  await api.POST("/api/shopping-records/", { body: { ...bought, price: 1000, quantity: "500" } }),
);
assert.equal(record.quantity, "500.000");
assert.equal(record.product.category.name, "Meat");

const path = { id: record.id };
const replaced = got(
  await api.PUT("/api/shopping-records/{id}/", {
    params: { path },
    body: { ...bought, price: -200, quantity: "0.5" },
  }),
);
assert.equal(replaced.price, -200);
assert.deepEqual(got(await api.GET("/api/shopping-records/{id}/", { params: { path } })), replaced);

const page = await api.GET("/api/shopping-records/", {
  params: {
    query: {
      purchase_date__gte: "2025-01-01",
      store_id__in: [store.id, store.id + 1],
      search: "beef kyoto",
      ordering: ["-price"],
      limit: 10,
    },
  },
});
assert.deepEqual(got(page), [replaced]);
assert.equal(page.response.headers.get("Total-Count"), "1");

const empty = await api.POST("/api/categories/", { body: { name: "" } });
assert.equal(empty.response.status, 400);
assert(empty.error && "name" in empty.error);
assert.deepEqual(empty.error.name, ["This field may not be blank."]);

const inUse = await api.DELETE("/api/stores/{id}/", { params: { path: { id: store.id } } });
assert.equal(inUse.response.status, 409);
assert(inUse.error && "references" in inUse.error);
assert.equal(inUse.error.references["shopping-records"], 1);

const removals = [
  () => api.DELETE("/api/shopping-records/{id}/", { params: { path } }),
  () => api.DELETE("/api/products/{id}/", { params: { path: { id: product.id } } }),
  () => api.DELETE("/api/stores/{id}/", { params: { path: { id: store.id } } }),
  () => api.DELETE("/api/origins/{id}/", { params: { path: { id: origin_.id } } }),
  () => api.DELETE("/api/manufacturers/{id}/", { params: { path: { id: manufacturer.id } } }),
  () => api.DELETE("/api/units/{id}/", { params: { path: { id: unit.id } } }),
  () => api.DELETE("/api/categories/{id}/", { params: { path: { id: category.id } } }),
];
for (const remove of removals) {
  assert.equal((await remove()).response.status, 204);
}

got(await api.POST("/api/auth/logout/", { body: { refresh: tokens.refresh } }));
const after = await api.GET("/api/categories/");
assert.equal(after.response.status, 401);
console.log("all seven resources were used");
