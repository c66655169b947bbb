-- The floor: what hand-tuned SQL costs when the five analyses share one pass. Refunds are netted, not matched: cut points instead
-- of ntile, one bit per month instead of a table of customer and month (good for 64 months).
CREATE TEMP TABLE orders AS
    SELECT any_value(customer_id) AS customer_id, min(ordered_at)::date AS day, sum(amount) AS net,
        sum(CASE WHEN quantity > 0 THEN amount END) AS m
    FROM sales GROUP BY order_id;
CREATE TEMP TABLE days AS
    SELECT customer_id, day, sum(net) AS net, sum(m) AS m, count(*) AS orders, count(m) AS o FROM orders WHERE customer_id IS NOT NULL GROUP BY 1, 2;
CREATE TEMP TABLE customers AS
    SELECT count(m) AS n, min(CASE WHEN o > 0 THEN day END) AS a, max(CASE WHEN o > 0 THEN day END) AS z, sum(m) AS m,
        sum(net) AS net, sum(orders) AS orders, sum(o) AS o, count(CASE WHEN day <= DATE '2025-12-31' - 90 THEN m END) AS then_n,
        max(CASE WHEN o > 0 AND day <= DATE '2025-12-31' - 90 THEN day END) AS then_z,
        sum(CASE WHEN day <= DATE '2025-12-31' - 90 THEN m END) AS then_m,
        bit_or(1::BIGINT << date_diff('month', DATE '2023-01-01', day)) AS seen,
        bit_or(CASE WHEN o > 0 THEN 1::BIGINT << date_diff('month', DATE '2023-01-01', day) ELSE 0 END) AS bought
    FROM days GROUP BY customer_id;
-- kpis
WITH masks AS (SELECT seen, count(*) AS customers FROM customers GROUP BY 1),
     buyers AS (SELECT i AS month, sum(customers) AS customers FROM masks, range(64) AS t(i) WHERE (seen >> i) & 1 = 1 GROUP BY 1),
     sold AS (SELECT date_diff('month', DATE '2023-01-01', day) AS month, sum(net) AS revenue, count(*) AS orders FROM orders GROUP BY 1)
SELECT (DATE '2023-01-01' + to_months(month::int))::date, revenue, orders, customers::BIGINT FROM sold LEFT JOIN buyers USING (month) ORDER BY 1;
-- rfm
WITH cuts AS (SELECT quantile_disc(z, [.2, .4, .6, .8]) AS r, quantile_disc(n, [.2, .4, .6, .8]) AS f, quantile_disc(m, [.2, .4, .6, .8]) AS v
              FROM customers WHERE n > 0),
     s AS (SELECT 1 + (z > r[1])::int + (z > r[2])::int + (z > r[3])::int + (z > r[4])::int AS rs,
                  1 + (n > f[1])::int + (n > f[2])::int + (n > f[3])::int + (n > f[4])::int AS fs,
                  1 + (m > v[1])::int + (m > v[2])::int + (m > v[3])::int + (m > v[4])::int AS ms, m FROM customers, cuts WHERE n > 0)
SELECT rs, fs, count(*), sum(m) FROM s GROUP BY 1, 2 ORDER BY 1, 2;
-- cpm
WITH bar AS (SELECT 7 * sum(m) / sum(o) AS v FROM customers),
     g AS (SELECT CASE WHEN n = 1 THEN 1 WHEN z - a < 90 THEN 2 WHEN m < v THEN 3 WHEN z - a < 210 THEN 4 ELSE 5 END AS k,
                  DATE '2025-12-31' - z < 240 AS active, m, z > DATE '2025-12-31' - 90 AS back,
                  CASE WHEN then_n = 1 THEN 1 WHEN then_z - a < 90 THEN 2 WHEN then_m < v THEN 3 WHEN then_z - a < 210 THEN 4 ELSE 5 END AS then_k,
                  DATE '2025-12-31' - 90 - then_z < 240 AS then_active, then_n FROM customers, bar WHERE n > 0),
     p AS (SELECT then_k AS k, then_active AS active, avg(back::int) AS returned FROM g WHERE then_n > 0 GROUP BY 1, 2)
SELECT k, active, count(*), sum(m), any_value(returned) FROM g LEFT JOIN p USING (k, active) GROUP BY 1, 2 ORDER BY 1, 2;
-- concentration
WITH cuts AS (SELECT quantile_disc(-net, [.1, .2, .3, .4, .5, .6, .7, .8, .9]) AS d FROM customers)
SELECT 1 + len(list_filter(d, lambda cut: -net > cut)) AS decile, count(*), sum(net), sum(orders) FROM customers, cuts GROUP BY 1 ORDER BY 1;
-- retention
WITH masks AS (SELECT bought, log2(bought & -bought)::int AS first, count(*) AS customers FROM customers WHERE bought > 0 GROUP BY 1)
SELECT (DATE '2023-01-01' + to_months(first))::date AS cohort, i - first AS age, sum(customers)::BIGINT
FROM masks, range(64) AS t(i) WHERE (bought >> i) & 1 = 1 GROUP BY 1, 2 ORDER BY 1, 2;
