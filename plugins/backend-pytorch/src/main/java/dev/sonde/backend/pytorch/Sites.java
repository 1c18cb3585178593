package dev.sonde.backend.pytorch;

import dev.sonde.api.model.HookPoint;

/** The hook points of one block, so that their names are put together once. */
record Sites(
    HookPoint residPre,
    HookPoint attentionIn,
    HookPoint attentionScale,
    HookPoint attentionNormalized,
    HookPoint query,
    HookPoint key,
    HookPoint value,
    HookPoint queryBeforeRotation,
    HookPoint keyBeforeRotation,
    HookPoint rotatedQuery,
    HookPoint rotatedKey,
    HookPoint scores,
    HookPoint pattern,
    HookPoint mixed,
    HookPoint result,
    HookPoint attentionOut,
    HookPoint residMid,
    HookPoint mlpIn,
    HookPoint mlpScale,
    HookPoint mlpNormalized,
    HookPoint mlpPre,
    HookPoint mlpPreLinear,
    HookPoint mlpPost,
    HookPoint router,
    HookPoint mlpOut,
    HookPoint residPost) {
  /** Site of what each head adds. */
  static final String RESULT = "attn.hook_result";

  static Sites of(int layer) {
    return new Sites(
        HookPoint.of(layer, "hook_resid_pre"),
        HookPoint.of(layer, "hook_attn_in"),
        HookPoint.of(layer, "ln1.hook_scale"),
        HookPoint.of(layer, "ln1.hook_normalized"),
        HookPoint.of(layer, "attn.hook_q"),
        HookPoint.of(layer, "attn.hook_k"),
        HookPoint.of(layer, "attn.hook_v"),
        HookPoint.of(layer, "attn.hook_q_pre_rot"),
        HookPoint.of(layer, "attn.hook_k_pre_rot"),
        HookPoint.of(layer, "attn.hook_rot_q"),
        HookPoint.of(layer, "attn.hook_rot_k"),
        HookPoint.of(layer, "attn.hook_attn_scores"),
        HookPoint.of(layer, "attn.hook_pattern"),
        HookPoint.of(layer, "attn.hook_z"),
        HookPoint.of(layer, RESULT),
        HookPoint.of(layer, "hook_attn_out"),
        HookPoint.of(layer, "hook_resid_mid"),
        HookPoint.of(layer, "hook_mlp_in"),
        HookPoint.of(layer, "ln2.hook_scale"),
        HookPoint.of(layer, "ln2.hook_normalized"),
        HookPoint.of(layer, "mlp.hook_pre"),
        HookPoint.of(layer, "mlp.hook_pre_linear"),
        HookPoint.of(layer, "mlp.hook_post"),
        HookPoint.of(layer, "mlp.hook_router"),
        HookPoint.of(layer, "hook_mlp_out"),
        HookPoint.of(layer, HookPoint.RESID_POST));
  }
}
