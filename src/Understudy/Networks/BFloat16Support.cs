using System.Runtime.Intrinsics.X86;

namespace Understudy.Networks;

/// <summary>
/// What a processor says of itself, as far as it decides how fast convolutions in bfloat16 are. Decided by kind and not by a
/// measurement: a run must choose the same on a busy machine as on an idle one.
/// </summary>
/// <param name="DotProducts">Whether it has avx512_bf16, sums of products of pairs.</param>
/// <param name="Tiles">Whether it has amx_bf16, products of whole tiles; a hypervisor may hide them.</param>
/// <param name="Amd">Whether AMD made it.</param>
public readonly record struct BFloat16Support(bool DotProducts, bool Tiles, bool Amd)
{
    /// <summary>The processor that this runs on. Arm's instructions are not looked for.</summary>
    public static BFloat16Support Here { get; } = Read();

    /// <summary>
    /// Whether convolutions in bfloat16 outrun those in float32. Measured: on an EPYC of AMD's with the instructions 444 against
    /// 224 GFLOP/s; on an Emerald Rapids of Intel's whose hypervisor hides the tiles 177 against 318. Tiles were not at hand.
    /// Others compute every product in float32 and round: on a Zen 3 a training step takes ten times as long.
    /// </summary>
    public bool IsFast => DotProducts && (Tiles || Amd);

    private static BFloat16Support Read()
    {
        // CPUID leaf 7 describes extensions.
        if (!Avx512F.IsSupported) return default;
        var (subleaves, _, _, tiles) = X86Base.CpuId(7, 0);
        bool dots = subleaves >= 1 && (X86Base.CpuId(7, 1).Eax & 1 << 5) != 0;
        return new BFloat16Support(dots, (tiles & 1 << 22) != 0, ProcessorMaker.IsAmd);
    }
}
