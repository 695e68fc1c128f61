<?php
/**
 * Prints Vitrine's order tag on WooCommerce's thank-you page, so that each line of an order is told with what led to it
 * in which video. Include it beside vitrine.php, or from a theme's functions.php, and say where events go:
 *
 *     define( 'VITRINE_COLLECTOR', 'https://collect.example/events' );
 *     require_once __DIR__ . '/vitrine-order.php';
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

// Minor units by ISO 4217, whatever number of decimals the shop shows.
function vitrine_minor( $amount, $currency ) {
	$none  = array( 'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF' );
	$three = array( 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND' );
	$places = in_array( $currency, $none, true ) ? 0 : ( in_array( $currency, $three, true ) ? 3 : 2 );
	return (int) round( (float) $amount * pow( 10, $places ) );
}

function vitrine_order_tag( $order_id ) {
	$order = wc_get_order( $order_id );
	if ( ! $order ) {
		return;
	}
	$currency = $order->get_currency();
	$items    = array();
	foreach ( $order->get_items() as $item ) {
		$product = $item->get_product_id();
		$variant = $item->get_variation_id();
		$items[] = array(
			'item_id'     => (string) $product,
			// In the hotspot file, platform_id is the id in WooCommerce.
			'platform_id' => (string) ( $variant ? $variant : $product ),
			'item_name'   => $item->get_name(),
			'quantity'    => $item->get_quantity(),
			'price'       => vitrine_minor( $order->get_item_total( $item, true ), $currency ),
		);
	}
	$coupons = $order->get_coupon_codes();
	$words   = array(
		'order_id' => $order->get_order_number(),
		'value'    => vitrine_minor( $order->get_total(), $currency ),
		'currency' => $currency,
		'items'    => $items,
	);
	if ( $coupons ) {
		$words['coupon'] = reset( $coupons );
	}
	wp_print_script_tag(
		array(
			'async'          => true,
			// Where the files of dist/ are.
			'src'            => defined( 'VITRINE_FILES' ) ? VITRINE_FILES . 'vitrine-order.js' : plugins_url( 'dist/vitrine-order.js', __FILE__ ),
			'data-collector' => VITRINE_COLLECTOR,
			'data-order'     => wp_json_encode( $words ),
		)
	);
}

add_action( 'woocommerce_thankyou', 'vitrine_order_tag' );
