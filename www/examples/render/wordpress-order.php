<?php
/**
 * What the order's snippet calls of WordPress and WooCommerce, as far as it needs it to be run: the real functions and
 * methods have the same names. Prints a thank-you page.
 */

error_reporting( E_ALL );
ini_set( 'display_errors', 'stderr' );
set_error_handler(
	function ( $level, $message, $file, $line ) {
		throw new ErrorException( $message, 0, $level, $file, $line );
	}
);

define( 'ABSPATH', '/' );
define( 'VITRINE_COLLECTOR', '/events' );
define( 'VITRINE_FILES', '/vitrine/' );

$actions = array();

function add_action( $name, $callback ) {
	$GLOBALS['actions'][ $name ][] = $callback;
}

function do_action( $name, ...$values ) {
	foreach ( $GLOBALS['actions'][ $name ] as $callback ) {
		$callback( ...$values );
	}
}

function wp_json_encode( $value ) {
	return json_encode( $value );
}

function wp_print_script_tag( $attributes ) {
	$text = '';
	foreach ( $attributes as $name => $value ) {
		$text .= true === $value ? " $name" : " $name=\"" . htmlspecialchars( $value, ENT_QUOTES ) . '"';
	}
	echo "<script$text></script>\n";
}

// phpcs:disable
class Line {
	function __construct( private $product, private $variation, private $name, private $quantity, public $price ) {}
	function get_product_id() { return $this->product; }
	function get_variation_id() { return $this->variation; }
	function get_name() { return $this->name; }
	function get_quantity() { return $this->quantity; }
}

class Order {
	function get_currency() { return 'EUR'; }
	function get_order_number() { return '1001'; }
	function get_total() { return '397.90'; }
	function get_coupon_codes() { return array( 'ana10' ); }
	function get_item_total( $item, $inc_tax = false ) { return $item->price; }
	function get_items() {
		return array( new Line( 4000, 4051, 'Lamp "Opal"', 2, 189.0 ), new Line( 7, 0, "Ana's mug", 1, 19.9 ) );
	}
}
// phpcs:enable

function wc_get_order( $id ) {
	return 1001 === $id ? new Order() : false;
}

require '/plugin/vitrine-order.php';
?>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Order received</title>
</head>
<body>
<?php do_action( 'woocommerce_thankyou', 1001 ); ?>
</body>
</html>
