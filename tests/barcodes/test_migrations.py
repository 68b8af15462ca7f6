def test_they_go_there_and_back_and_agree_with_the_models(check_lineage):
    check_lineage("barcodes")
