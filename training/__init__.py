"""Programs that train what the product ships; the product never imports them."""
