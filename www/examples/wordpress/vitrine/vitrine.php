<?php
/**
 * Plugin Name: Vitrine
 * Description: Shoppable video: [vitrine video="/spring.mp4" hotspots="/spring.hotspots.json"]
 * Requires at least: 6.3
 * Requires Plugins: woocommerce
 *
 * Put this folder into wp-content/plugins/ and Vitrine's dist/ beside this file, or include this file from a theme's
 * functions.php. In the hotspot file, platform_id of a product or variant is its id in WooCommerce.
 * A page cache must not keep the page for longer than half a day: the cart's nonce would be too old.
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

function vitrine_shortcode( $attributes ) {
	$a = shortcode_atts(
		array(
			'video'     => '',
			'poster'    => '',
			'hotspots'  => '',
			'collector' => '',
			// Where the files of dist/ are: a URL of your CDN, or the plugin's own folder.
			'vitrine'   => plugins_url( 'dist/', __FILE__ ),
		),
		$attributes,
		'vitrine'
	);
	wp_enqueue_script( 'vitrine-cart', plugins_url( 'vitrine-cart.js', __FILE__ ), array(), '0.1.0', array( 'strategy' => 'defer' ) );

	ob_start();
	?>
	<figure class="wp-block-video vitrine">
		<video
			src="<?php echo esc_url( $a['video'] ); ?>"
			<?php if ( $a['poster'] ) : ?>
			poster="<?php echo esc_url( $a['poster'] ); ?>"
			<?php endif; ?>
			controls muted playsinline preload="metadata"
			data-vitrine="<?php echo esc_url( $a['vitrine'] ); ?>"
			data-hotspots="<?php echo esc_url( $a['hotspots'] ); ?>"
			data-collector="<?php echo esc_url( $a['collector'] ); ?>"
			data-cart-add="<?php echo esc_url( rest_url( 'wc/store/v1/cart/add-item' ) ); ?>"
			data-cart-nonce="<?php echo esc_attr( wp_create_nonce( 'wc_store_api' ) ); ?>"
			data-checkout="<?php echo esc_url( wc_get_checkout_url() ); ?>"
		></video>
	</figure>
	<?php
	return ob_get_clean();
}

add_shortcode( 'vitrine', 'vitrine_shortcode' );
