using System.Text.Json.Serialization;
using Understudy.Networks.Ops;

namespace Understudy.Networks;

/// <summary>
/// The number format of feature maps and convolutions; parameters, styles, statistics and logits are always float32.
/// </summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>
    /// bfloat16 around the convolutions: faster on some processors, slower on others, down to a tenth.
    /// </summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,

    /// <summary>BFloat16 on a processor that is faster in it, else Float32; a run records which of the two it was.</summary>
    Auto,
}

/// <summary>Which number format is computed with.</summary>
public static class Precisions
{
    private static bool WithoutOneDnn => HiddenCaches.Mend() == HiddenCaches.Outcome.SwitchedOff;

    /// <summary>One that can be computed with: what <see cref="Precision.Auto"/> means here.</summary>
    public static Precision Here(this Precision precision) =>
        precision.On(WithoutOneDnn ? default : BFloat16Support.Here);

    /// <summary>What <see cref="Precision.Auto"/> means on some processor.</summary>
    public static Precision On(this Precision precision, BFloat16Support processor) =>
        precision != Precision.Auto ? precision : processor.IsFast ? Precision.BFloat16 : Precision.Float32;

    /// <summary>What a user should know before a long training on this processor; null where there is nothing.</summary>
    public static string? Warning(this Precision precision) => WithoutOneDnn
        ? "this virtual machine hides the processor's caches, which makes oneDNN compute wrongly; it is switched off, and convolutions are "
            + "several times slower, in bfloat16 most of all; a machine where lscpu names an L1d cache does without"
        : precision.WarningOn(BFloat16Support.Here);

    /// <summary>What a user should know before a long training on some processor; null where there is nothing.</summary>
    public static string? WarningOn(this Precision precision, BFloat16Support processor) =>
        precision != Precision.BFloat16 || processor.IsFast ? null
        : processor.DotProducts
            ? "precision: bfloat16 is slower than float32 on this processor (it has avx512_bf16, but at half the rate, and shows no "
                + "amx_bf16): convolutions take nearly twice as long; auto takes it only where it is fast"
            : "precision: bfloat16 is slow on this processor, which has no instructions for it (avx512_bf16): steps take many times as "
                + "long; auto takes it only where it is fast";
}
