using System.Runtime.Intrinsics.X86;

namespace Understudy.Networks.Ops;

/// <summary>
/// Some virtual machines on AMD's processors describe no caches. oneDNN, which computes libtorch's convolutions, takes that for
/// three caches of a byte: with two threads it leaves parts of results unwritten, and 1×1 convolutions divide by zero, which ends
/// the process. It has sizes to assume for processors that say nothing, and uses them when told that there are no levels
/// (docs/adr/0014-hidden-caches.md).
/// </summary>
internal static class HiddenCaches
{
    private const int Question = unchecked((int)0x8000001D);

    private static readonly Lazy<Outcome> Once = new(MendOnce);

    /// <summary>What was found, and what was done.</summary>
    internal enum Outcome
    {
        /// <summary>The processor describes its caches, or oneDNN reads them another way.</summary>
        NotHidden,

        /// <summary>oneDNN assumes sizes.</summary>
        Assumed,

        /// <summary>
        /// oneDNN could not be told, and is switched off: right, several times slower, and bfloat16 slower still.
        /// </summary>
        SwitchedOff,
    }

    /// <summary>Looks at the processor and mends what oneDNN makes of it; to be called before the first convolution.</summary>
    /// <exception cref="PlatformNotSupportedException">Results would be wrong, and this libtorch has neither way out.</exception>
    internal static Outcome Mend() => Once.Value;

    /// <summary>
    /// Whether a processor of AMD's describes not even a first cache (<paramref name="firstCache"/>: CPUID 8000_001Dh, EAX, whose
    /// low five bits are the kind of cache; zero as well where the question is not known).
    /// </summary>
    internal static bool AreHidden(int firstCache) => (firstCache & 31) == 0;

    private static Outcome MendOnce()
    {
        if (!ProcessorMaker.IsAmd || !AreHidden(X86Base.CpuId(Question, 0).Eax)) return Outcome.NotHidden;
        // NNPACK refuses such a processor, with a line on the terminal for every convolution.
        LibTorchSwitch.Set(LibTorchSwitch.Nnpack, false);
        return OneDnnProcessor.AssumeCaches() ? Outcome.Assumed
            : LibTorchSwitch.Set(LibTorchSwitch.OneDnn, false) is not null ? Outcome.SwitchedOff
            : throw new PlatformNotSupportedException("this virtual machine hides the processor's caches, and libtorch's convolutions come "
                + "out wrong there; use Linux with the libtorch that this program brings, or another machine");
    }
}
