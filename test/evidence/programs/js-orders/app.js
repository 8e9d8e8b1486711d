const express = require('express');
const logger = require('./logger');

const app = express();
const orders = new Map();
let last = 0;

app.use(express.json());

app.post('/orders', (req, res) => {
  const { customer, items } = req.body;
  if (!customer || !Array.isArray(items)) {
    logger.warn('rejected order', { customer });
    return res.status(422).json({ error: 'customer and items are required' });
  }
  const order = { id: ++last, customer, items };
  orders.set(order.id, order);
  logger.info('new order', { id: order.id, customer });
  res.status(201).json(order);
});

app.get('/orders/:id', (req, res) => {
  const order = orders.get(Number(req.params.id));
  if (!order) return res.sendStatus(404);
  res.json(order);
});

// eslint-disable-next-line no-unused-vars
app.use((err, req, res, next) => {
  logger.error(err.message, { stack: err.stack });
  res.sendStatus(500);
});

const port = process.env.PORT || 3000;
app.listen(port, () => logger.info(`orders listening on ${port}`));
