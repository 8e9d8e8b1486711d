const path = require('path');

module.exports = {
  port: process.env.PORT || 3000,
  invoiceDir: process.env.INVOICE_DIR || path.join(__dirname, '..', 'invoices'),
};
