using System.Runtime.Intrinsics.X86;
using System.Text.Json.Serialization;

namespace Understudy.Networks;

/// <summary>
/// The number format of feature maps and convolutions; parameters, styles, statistics and logits are always float32.
/// </summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>
    /// bfloat16 around the convolutions: faster where the processor has the instructions, many times slower where not.
    /// </summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,

    /// <summary>BFloat16 on a processor that has the instructions, else Float32; a run records which of the two it was.</summary>
    Auto,
}

/// <summary>Which number formats this processor computes with.</summary>
public static class Precisions
{
    /// <summary>
    /// Whether the processor multiplies bfloat16 (avx512_bf16, which those with amx_bf16 have too). Others compute every product
    /// in float32 and round: on a Zen 3 a training step takes about ten times as long. Arm's instructions are not looked for.
    /// </summary>
    public static bool HasBFloat16 { get; } = Avx512F.IsSupported && X86Base.CpuId(7, 0).Eax >= 1
        && (X86Base.CpuId(7, 1).Eax & 1 << 5) != 0;

    /// <summary>One that can be computed with: what <see cref="Precision.Auto"/> means here.</summary>
    public static Precision Here(this Precision precision) =>
        precision != Precision.Auto ? precision : HasBFloat16 ? Precision.BFloat16 : Precision.Float32;

    /// <summary>What a user should know before a long training; null where there is nothing.</summary>
    public static string? Warning(this Precision precision) => precision == Precision.BFloat16 && !HasBFloat16
        ? "precision: bfloat16 is slow on this processor, which has no instructions for it (avx512_bf16): steps take many times as long; "
            + "auto takes it only where it is fast"
        : null;
}
