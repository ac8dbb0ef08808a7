namespace Understudy.Networks;

/// <summary>The number format of feature maps and convolutions; parameters, styles, statistics and logits are always float32.</summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>bfloat16 around the convolutions: faster where the processor has the instructions, slower where not.</summary>
    BFloat16,
}
